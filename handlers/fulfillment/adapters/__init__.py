"""AWS services as fulfillment uses them."""

"""An order's money: held, captured and given back at a payment gateway."""

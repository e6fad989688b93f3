"""What can go wrong with a fulfillment, beside what can with any order (see `errors`)."""


class NoProducts(Exception):
    """A paid session in which nothing was bought."""


class MissingFulfillmentCenter(Exception):
    """A product that nobody says where to ship from: neither its session nor the catalogue."""


class ShipmentCancelled(Exception):
    """What is done for a shipment's attempt after that was cancelled; it has no effect any more."""

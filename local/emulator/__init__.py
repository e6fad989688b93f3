"""The server process of the embedded cloud: ministack with moto's state machine engine inside."""

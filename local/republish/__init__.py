"""The command `orders republish`: outcomes whose stream record could not be published."""

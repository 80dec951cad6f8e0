"""What a script can be asked for and not hold."""


class Unscripted(Exception):
    """A model was asked something that its script has no reply for.

    A responder raises it. The server answers the request with 500, and raises it again when its block ends, so that a
    test fails even where the program under test has come to terms with the 500.
    """

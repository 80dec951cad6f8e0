"""Web sites on the loopback interface, the clients that read them, and what a server's log says about a client."""

//! Where things are, and how long light and packets take between them.

//! Floor 0: time, random streams, the event calendar. Knows nothing of networks.

//! Every limit on the form of a scenario file, in one place.
//!
//! A scenario is input from a stranger, so each limit is a named constant with a test at it and one
//! just over it. Limits on what a file *says* (how many replicas, how long a horizon) stand with the
//! types they belong to.

/// Largest file, in bytes: 1 MiB.
pub const FILE_BYTES_MAX: usize = 1 << 20;

/// Deepest nesting of lists and blocks; the outermost block is level 1.
pub const NESTING_MAX: usize = 16;

/// Longest key, and longest value unless it is free text, in bytes.
pub const STRING_BYTES_MAX: usize = 256;

/// Longest free text (a title, a claim), in bytes: 4 KiB.
pub const PROSE_BYTES_MAX: usize = 4 << 10;

/// Most entries of one list or one block.
pub const LIST_ITEMS_MAX: usize = 10_000;

/// Most values of one file, lists and blocks counted too: what is read takes some hundred bytes for each.
pub const VALUES_MAX: usize = 150_000;

/// Longest chain of files that extend one another, the file itself included.
pub const EXTENDS_DEPTH_MAX: usize = 8;

/// Most files and overrides one scenario is put together from.
pub const SOURCES_MAX: usize = 1_000;

/// Problems kept with their text; further ones are only counted.
pub const PROBLEMS_KEPT_MAX: usize = 100;

/// Most names that all references of one scenario are compared with, patterns and plain names together.
pub const NAMES_COMPARED_MAX: usize = 4_000_000;

/// Longest length of time a file may name, in nanoseconds: 10 years of 365 days plus 3 leap days.
///
/// It is 58 times below `u64::MAX`, so no sum of two can overflow.
pub const DURATION_NANOS_MAX: u64 = (10 * 365 + 3) * 86_400 * 1_000_000_000;

/// Longest text of a length of time, in bytes.
pub const DURATION_BYTES_MAX: usize = 64;

/// Shortest mean gap between two events of a rate, in nanoseconds: 1 microsecond.
pub const MEAN_GAP_NANOS_MIN: f64 = 1_000.0;

/// Longest identifier, in bytes.
pub const ID_BYTES_MAX: usize = 64;

/// Longest host name, in bytes (RFC 1035, 2.3.4, without the trailing dot).
pub const HOSTNAME_BYTES_MAX: usize = 253;

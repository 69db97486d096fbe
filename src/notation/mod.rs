//! Floor 1: how a scenario file is written: a YAML tree with positions, units, declared fields, problems.

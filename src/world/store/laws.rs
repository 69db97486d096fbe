//! The closed forms.

//! The policies the program carries. Their text is data: nothing in Rust knows what they ask.

/// Names and texts, the default first.
pub const BUILTIN: &[(&str, &str)] = &[
    ("tt22-2023", include_str!("../../policies/tt22-2023.yml")),
    ("experience-2025", include_str!("../../policies/experience-2025.yml")),
    ("qd473-2024", include_str!("../../policies/qd473-2024.yml")),
    ("transport-baseline", include_str!("../../policies/transport-baseline.yml")),
];

/// The text of a built-in policy.
#[must_use]
pub fn builtin(name: &str) -> Option<&'static str> {
    BUILTIN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The names of all built-in policies.
pub fn builtin_names() -> impl Iterator<Item = &'static str> {
    BUILTIN.iter().map(|(name, _)| *name)
}

//! Quantities as Kubernetes writes them: `100m`, `200Mi`.

/// A quantity that an author wrote.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// As written.
    pub written: String,
    /// As a number.
    pub amount: f64,
}

impl Quantity {
    /// Reads a quantity; `None` if it is invalid.
    #[must_use]
    pub fn read(written: &str) -> Option<Self> {
        amount(written).map(|amount| Self { written: written.to_owned(), amount })
    }
}

/// A quantity as a number, see <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/>;
/// `None` if it is invalid.
#[must_use]
pub fn amount(text: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 15] = [
        ("Ki", 1024.0),
        ("Mi", 1_048_576.0),
        ("Gi", 1_073_741_824.0),
        ("Ti", 1_099_511_627_776.0),
        ("Pi", 1_125_899_906_842_624.0),
        ("Ei", 1_152_921_504_606_846_976.0),
        ("n", 1e-9),
        ("u", 1e-6),
        ("m", 1e-3),
        ("k", 1e3),
        ("M", 1e6),
        ("G", 1e9),
        ("T", 1e12),
        ("P", 1e15),
        ("E", 1e18),
    ];
    let unit = UNITS.iter().find_map(|(unit, factor)| text.strip_suffix(unit).map(|number| (number, *factor)));
    let (number, factor) = unit.unwrap_or((text, 1.0));
    number.parse::<f64>().ok().map(|number| number * factor)
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[test]
    fn units_are_powers_of_ten_or_of_two() {
        let near = |text: &str, number: f64| (amount(text).unwrap() - number).abs() < number * 1e-9;
        assert!(near("100m", 0.1) && near("1.5", 1.5) && near("100Mi", 104_857_600.0) && near("2k", 2000.0));
        assert!(near("1E", 1e18));
        assert_eq!(amount("much"), None);
    }
}

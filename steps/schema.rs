//! JSON Schemas of the files that authors write, generated from the types that read them. An editor with a YAML language
//! server completes and checks a file by its schema.

use schemars::{Schema, generate::SchemaSettings};

use crate::{
    check::coverage::CoveredDocument,
    images::item::Item,
    project::{ExpectedScore, LabFile},
};

/// A file that has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum File {
    /// scenarios/LAB/lab.yaml
    Lab,
    /// scenarios/LAB/attempts/ATTEMPT/verdict.yaml
    Verdict,
    /// kind-config/images.yaml
    Images,
    /// docs/coverage/DOCUMENT.yaml
    Coverage,
}

impl File {
    /// Its schema as indented JSON, in the version that YAML language servers understand.
    #[must_use]
    pub fn schema(self) -> String {
        let mut generator = SchemaSettings::draft07().into_generator();
        let schema: Schema = match self {
            Self::Lab => generator.root_schema_for::<LabFile>(),
            Self::Verdict => generator.root_schema_for::<ExpectedScore>(),
            Self::Images => generator.root_schema_for::<Vec<Item>>(),
            Self::Coverage => generator.root_schema_for::<CoveredDocument>(),
        };
        format!("{:#}\n", schema.to_value())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_has_the_fields_of_the_file_and_no_others() {
        let lab: serde_json::Value = serde_json::from_str(&File::Lab.schema()).unwrap();
        assert_eq!(lab["additionalProperties"], false);
        assert_eq!(lab["definitions"]["ImageName"]["type"], "string");
        assert!(lab["properties"]["submission"].is_object() && lab.get("required").is_none());
        let verdict: serde_json::Value = serde_json::from_str(&File::Verdict.schema()).unwrap();
        assert_eq!(verdict["required"], serde_json::json!(["about"]));
        assert!(verdict["properties"]["loses-everything"].is_object());
    }
}

//! `labproof images`: lists the images that labs need, which labs need each, and where it came from.

use clap::Args;

use super::exit::Status;
use crate::{
    images::{
        catalogue::Catalogue,
        engine,
        needed::{self, Needed},
    },
    progress,
    project::Project,
    verdict::Outcome,
};

/// Whose images to list.
#[derive(Debug, Args)]
pub(super) struct Images {
    /// Lab names, feature files or folders of them [default: all labs]
    #[arg(value_name = "LAB")]
    labs: Vec<String>,
}

impl Images {
    pub(super) async fn run(self) -> Outcome<Status> {
        let project = Project::find()?;
        let named = project.named(&self.labs)?;
        let labs = named.iter().map(|named| project.lab(&named.features)).collect::<Outcome<Vec<_>>>()?;
        let catalogue = Catalogue::read(&project)?;
        engine::version().await?;
        for Needed { name, labs, from } in needed::needed(&labs, &catalogue).await? {
            progress::print_line(&format!("{name}\n    {from}\n    needed by {}", labs.join(", ")));
        }
        Ok(Status::Passed)
    }
}

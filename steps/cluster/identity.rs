//! The clusters that labproof made: one record for each, in the machine's state folder.

use std::{
    fs,
    io::ErrorKind,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::SystemTime,
};

use serde::{Deserialize, Serialize};

use crate::{
    machine::folders,
    verdict::{Fault, Outcome},
};

/// A cluster's record, written when labproof makes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its name in kind.
    pub name: String,
    /// The UID of its `kube-system` namespace.
    pub uid: String,
    /// Its Kubernetes version.
    pub kubernetes: String,
    /// The image of its nodes.
    pub node_image: String,
    /// When it was made, as RFC 3339.
    pub made: String,
    /// Notes for the user about how it was made.
    #[serde(default)]
    pub notes: Vec<String>,
    /// The folder of this record.
    #[serde(skip)]
    pub folder: PathBuf,
}

impl Record {
    /// Reads the record of the cluster `name`, if there is one.
    ///
    /// # Errors
    /// If the record cannot be read or parsed.
    pub fn load(name: &str) -> Outcome<Option<Self>> {
        let folder = folder(name)?;
        let path = folder.join("cluster.json");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(cannot(&path, &error)),
        };
        let record: Self = serde_json::from_str(&text).map_err(|error| {
            Fault::broken(format!("cannot understand {}: {error}", path.display())).hint(format!(
                "remove the file; if nobody needs the cluster, run `kind delete cluster --name {name}` as well"
            ))
        })?;
        Ok(Some(Self { folder, ..record }))
    }

    /// Whether labproof has any cluster on this machine.
    ///
    /// # Errors
    /// If the state folder cannot be read.
    pub fn any() -> Outcome<bool> {
        let folder = folders::state("clusters")?;
        let entries = fs::read_dir(&folder).map_err(|error| cannot(&folder, &error))?;
        Ok(entries.flatten().any(|entry| entry.path().join("cluster.json").exists()))
    }

    /// Writes the private kubeconfig.
    ///
    /// # Errors
    /// If the state folder cannot be written.
    pub fn keep_kubeconfig(&self, kubeconfig: &str) -> Outcome {
        write_private(&self.kubeconfig(), kubeconfig)
    }

    /// Writes the record. From then on, the cluster is complete.
    ///
    /// # Errors
    /// If the state folder cannot be written.
    pub fn save(&self) -> Outcome {
        let json = serde_json::to_vec_pretty(self).map_err(|error| cannot(&self.folder, &error))?;
        let saved = folders::replace(&self.folder.join("cluster.json"), &json);
        saved.and_then(|()| remove(&self.folder.join(BEGUN))).map_err(|error| cannot(&self.folder, &error))
    }

    /// Deletes the record.
    ///
    /// # Errors
    /// If the record cannot be deleted.
    pub fn forget(&self) -> Outcome {
        fs::remove_dir_all(&self.folder).map_err(|error| cannot(&self.folder, &error))
    }

    /// The private kubeconfig.
    #[must_use]
    pub fn kubeconfig(&self) -> PathBuf {
        self.folder.join("kubeconfig")
    }
}

/// The file that exists while a cluster is being created. It contains the time at which that began.
const BEGUN: &str = "begun";

/// Records that the creation of a cluster begins now. An interrupted creation has no record, so this is what shows that
/// its nodes are labproof's.
///
/// # Errors
/// If the state folder cannot be written.
pub fn begin(folder: &Path) -> Outcome {
    let now = jiff::Timestamp::now().to_string();
    folders::replace(&folder.join(BEGUN), now.as_bytes()).map_err(|error| cannot(folder, &error))
}

/// When the creation of the cluster `name` began, if it did not end.
///
/// # Errors
/// If the folder cannot be created.
pub fn begun(name: &str) -> Outcome<Option<SystemTime>> {
    let text = fs::read_to_string(folder(name)?.join(BEGUN)).ok();
    Ok(text.and_then(|text| text.parse::<jiff::Timestamp>().ok()).map(SystemTime::from))
}

fn remove(file: &Path) -> std::io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The folder of the cluster called `name`.
///
/// # Errors
/// If the folder cannot be created.
pub fn folder(name: &str) -> Outcome<PathBuf> {
    folders::state(&format!("clusters/{name}"))
}

/// The fault for a cluster of this name that labproof did not make.
#[must_use]
pub fn not_ours(name: &str) -> Fault {
    Fault::refused(format!("labproof did not create the kind cluster {name}, so it does not use or change it"))
        .hint(format!("use another cluster name in your kind configuration, or, if this cluster may be deleted, run `labproof up --adopt {name}`"))
}

/// The fault for a cluster of this name whose identity differs from the recorded one.
#[must_use]
pub fn changed(record: &Record, uid: &str) -> Fault {
    Fault::refused(format!(
        "the cluster {} is not the one that labproof made: its kube-system namespace has the UID {uid}, and labproof recorded {}; labproof leaves it alone",
        record.name, record.uid
    ))
    .hint(format!("if this cluster may be deleted, run `labproof up --adopt {}`", record.name))
}

fn write_private(path: &Path, text: &str) -> Outcome {
    use std::io::Write;
    let file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| cannot(path, &error))
}

fn cannot(path: &Path, error: &dyn std::fmt::Display) -> Fault {
    Fault::broken(format!("cannot use the record of a cluster in {}: {error}", path.display()))
}

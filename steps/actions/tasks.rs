//! Runs the script that a learner hands in for a task. It runs in a container without privileges and without the
//! engine's socket, with a network that leads only to the API server, and with the rights of a service account in the
//! scenario's namespace.

mod gate;

use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::Path,
    string::FromUtf8Error,
    time::{Duration, Instant},
};

use self::gate::Gate;
use crate::{
    cluster::learner,
    images::engine,
    project::SubmissionSpec,
    scene::Scene,
    tool::{Finished, Tool},
    verdict::{Evidence, Fault, Outcome},
};

/// The time limit of a task, in seconds.
const LIMIT: u64 = 120;

/// How many bytes of its output are kept, from the beginning. A script that prints endlessly is ended there.
const OUTPUT: u64 = 12 * 1024;

/// The command of the container. First it says that the container runs. The output goes to a file without a name, which
/// uses the container's memory. So a process that the script leaves behind delays nothing, and nothing that the script
/// does to the folder changes the output.
const COMMAND: &str = r#"echo started
exec 3> /tmp/output 4< /tmp/output; rm /tmp/output
timeout --signal KILL "$1" bash "$0" >&3 2>&1 3>&- 4<&-
status=$?
head -c "$2" <&4
exit $status"#;

/// The first line that the command prints, before the script begins. Without it, the engine did not start the container;
/// the exit status says no more than that something is wrong.
const STARTED: &str = "started\n";

/// Runs the script of a task, and keeps its output as evidence for later steps that fail.
///
/// # Errors
/// `failed` if there is no script, `refused` if the script may not be used.
pub async fn run(scene: &mut Scene, task: &str) -> Outcome {
    let script = SubmissionSpec::task(task);
    scene.lab.check_exists(&script)?;
    let folder = scene.folder().join("task");
    write_files(scene, &folder).map_err(|error| cannot(&error))?;
    let kubeconfig = scene.folder().join("learner.kubeconfig");
    let kinds = scene.lab.file.submission.as_ref().map(|spec| spec.kinds.clone()).unwrap_or_default();
    let cluster = scene.cluster.own()?;
    let access = learner::access(cluster, &scene.namespace, &kinds).await?;
    write(&kubeconfig, access.kubeconfig.as_bytes()).map_err(|error| cannot(&error))?;
    let name = format!("labproof-task-{}", scene.namespace);
    let label = format!("{}={}", engine::RUN, scene.context.run);
    let gate = Gate::open(&scene.namespace, &label, cluster.node_image(), &access).await?;
    let created = Tool::new("docker")
        .args(["create", "--rm", "--init", "--name", &name, "--label", &label, "--network", &gate.network()])
        .args(["--user", "1000:1000", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"])
        .args(["--memory=512m", "--memory-swap=512m", "--cpus=1", "--pids-limit=128", "--log-driver=none"])
        .args(["--tmpfs", "/tmp:size=64m,mode=1777", "--env", "HOME=/tmp", "--env", "KUBECONFIG=/access/kubeconfig"])
        // The files are copied into volumes of the container, because a remote engine cannot mount a folder of this
        // machine. They belong to root, so the script cannot change them.
        .args(["--mount", "type=volume,target=/lab", "--mount", "type=volume,target=/access", "--workdir", "/lab"])
        // The image of the nodes contains the kubectl of the cluster's version.
        .args(["--entrypoint", "bash", cluster.node_image(), "-c", COMMAND, &script])
        .args([LIMIT.to_string(), OUTPUT.to_string()])
        .output()
        .await;
    let limit = Duration::from_secs(LIMIT + 30).min(scene.time_left());
    let began = Instant::now();
    let finished = match created {
        Ok(_) => carry_out(&name, &folder, &kubeconfig, limit).await,
        Err(fault) => Err(fault),
    };
    gate.remove().await;
    let finished = match finished {
        Ok(finished) => finished,
        Err(fault) => {
            // An error is ignored: it may not exist any more, and the end of the run removes what is left.
            _ = engine::remove(&name).await;
            return Err(fault);
        }
    };
    let printed = printed(&finished)?;
    let ended = ended(finished.status.code().unwrap_or(-1), began.elapsed().as_secs());
    scene.evidence.push(Evidence::new(format!("{script} {ended}, and printed"), printed));
    Ok(())
}

/// What the script printed.
///
/// # Errors
/// `broken` if its container did not start.
fn printed(finished: &Finished) -> Outcome<&str> {
    finished.stdout.strip_prefix(STARTED).ok_or_else(|| {
        Fault::broken("the task's container cannot be started").seen("the engine said", finished.stderr.clone())
    })
}

/// How a script ended that ran so many seconds.
fn ended(status: i32, seconds: u64) -> String {
    match (status, seconds) {
        (137, LIMIT..) => format!("was stopped after {LIMIT} seconds, the most that it may take"),
        (137, seconds) => format!("was stopped after {seconds} seconds, because it used too much memory"),
        (status, _) => format!("ended with exit status {status}"),
    }
}

/// Copies the files into a container and runs it.
async fn carry_out(name: &str, folder: &Path, kubeconfig: &Path, limit: Duration) -> Outcome<Finished> {
    for (from, to) in
        [(format!("{}/.", folder.display()), "/lab"), (kubeconfig.display().to_string(), "/access/kubeconfig")]
    {
        Tool::new("docker").args(["cp", &from, &format!("{name}:{to}")]).output().await?;
    }
    Tool::new("docker").args(["start", "--attach", name]).limit(limit).finish().await
}

/// Writes the learner's files that exist and may be used.
fn write_files(scene: &Scene, folder: &Path) -> io::Result<()> {
    let lab = &scene.lab;
    for (name, bytes) in lab.learners_files()? {
        let bytes = if Path::new(&name).starts_with("tasks") { as_typed(bytes) } else { bytes };
        // Use the learner's name for the file, if it is another of its allowed names.
        if let Some(found) = lab.work.submission().and_then(|submission| submission.found.get(&name)) {
            write(&folder.join(found), &bytes)?;
        }
        write(&folder.join(name), &bytes)?;
    }
    Ok(())
}

/// The learner's script with the line ends of a shell, whatever the learner's editor wrote.
fn as_typed(script: Vec<u8>) -> Vec<u8> {
    String::from_utf8(script).map_or_else(FromUtf8Error::into_bytes, |text| text.replace("\r\n", "\n").into_bytes())
}

/// Writes a file that the container's user can read.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(path, bytes)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644))
}

fn cannot(error: &io::Error) -> Fault {
    Fault::broken(format!("cannot write the files of a task: {error}"))
}

#[cfg(test)]
mod tests {
    use std::{os::unix::process::ExitStatusExt, process::ExitStatus};

    use super::*;
    use crate::verdict::Verdict;

    #[test]
    fn a_container_that_did_not_start_is_no_fault_of_its_script() {
        let finished = |stdout: &str| Finished {
            status: ExitStatus::from_raw(1 << 8),
            stdout: stdout.into(),
            stderr: "OCI runtime create failed".into(),
        };
        assert_eq!(printed(&finished("started\nno such file\n")), Ok("no such file\n"));
        assert_eq!(printed(&finished("")).unwrap_err().verdict, Verdict::Broken);
    }

    #[test]
    fn an_editors_line_ends_are_none_of_the_commands() {
        assert_eq!(as_typed(b"kubectl delete pods --all\r\n".to_vec()), b"kubectl delete pods --all\n");
        assert_eq!(as_typed(b"a\rb\xff\r\n".to_vec()), b"a\rb\xff\r\n");
    }
}

//! Runs a command in a container through the API, as `kubectl exec` does.
//!
//! A command without a known exit status counts as failed. Both output streams are read while it runs, and it has a
//! time limit.

use std::time::Duration;

use jiff::Timestamp;
use k8s_openapi::{api::core::v1::Pod, apimachinery::pkg::apis::meta::v1::Status};
use kube::{
    Api,
    api::{AttachParams, AttachedProcess},
};

use super::{ANSWER, said, wait};
use crate::{
    conditions::container,
    tool::bounded::{MOST, drain},
    verdict::{Fault, Outcome, Verdict, seconds},
};

/// The exit status of a shell whose command does not exist.
const NO_PROGRAM: i32 = 127;

/// How long a container's status may lag behind the end of the container.
const STATUS_LAG: Duration = Duration::from_secs(5);

/// The result of a command in a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Executed {
    /// What it printed on standard output.
    pub stdout: String,
    /// What it printed on standard error.
    pub stderr: String,
    /// Its exit status.
    pub status: i32,
}

/// Runs `command` in the named container of the Pod, or in the one that the server chooses.
///
/// # Errors
/// If the command cannot be started, does not end within `limit`, or ends without a status.
pub async fn exec(
    api: &Api<Pod>,
    pod: &str,
    container: Option<&str>,
    command: &[String],
    limit: Duration,
) -> Outcome<Executed> {
    let (shown, begun) = (shell_words::join(command), Timestamp::now());
    let parameters = AttachParams {
        container: container.map(str::to_owned),
        stdout: true,
        stderr: true,
        max_stdout_buf_size: Some(64 * 1024),
        ..AttachParams::default()
    };
    let process = tokio::time::timeout(ANSWER, start(api, pod, &parameters, command, &shown)).await.map_err(|_| {
        let seconds = ANSWER.as_secs();
        Fault::broken(format!(
            "the API server or the kubelet did not start `{shown}` in Pod {pod} within {seconds} seconds"
        ))
    })?;
    let executed = async { run(process?, pod, &shown).await };
    let executed = tokio::time::timeout(limit, executed)
        .await
        .map_err(|_| Fault::failed(format!("`{shown}` in Pod {pod} did not end within {}", seconds(limit))))?;
    match executed {
        Err(fault) if fault.verdict == Verdict::Broken && has_ended(api, pod, container, begun).await => Err(Fault {
            verdict: Verdict::Failed,
            reason: format!("`{shown}` in Pod {pod} was cut off because the container stopped"),
            ..fault
        }),
        executed => executed,
    }
}

/// Whether the container has ended since the command began. Its status may report this later than the command ends.
async fn has_ended(api: &Api<Pod>, pod: &str, container: Option<&str>, begun: Timestamp) -> bool {
    let judge = |pod: Option<&Pod>| container::has_ended_since(pod, container, begun);
    wait::until(api.clone(), pod, STATUS_LAG, judge, std::future::pending()).await.is_ok()
}

/// Opens the connection; this does not count towards the program's time limit.
async fn start(
    api: &Api<Pod>,
    pod: &str,
    parameters: &AttachParams,
    command: &[String],
    shown: &str,
) -> Outcome<AttachedProcess> {
    api.exec(pod, command, parameters).await.map_err(|error| match &error {
        kube::Error::Api(status) if matches!(status.code, 400 | 404) => {
            Fault::failed(format!("cannot run `{shown}`: {}", status.message))
        }
        _ => Fault::broken(format!("cannot run `{shown}` in Pod {pod}: {}", said(&error))),
    })
}

async fn run(mut process: AttachedProcess, pod: &str, shown: &str) -> Outcome<Executed> {
    let status = process.take_status();
    let (stdout, stderr) = (process.stdout(), process.stderr());
    let status = async {
        match status {
            Some(status) => status.await,
            None => None,
        }
    };
    let (stdout, stderr, ended) = tokio::join!(drain(stdout, MOST), drain(stderr, MOST), status);
    // An error of a stream is ignored, because then the exit status is missing too.
    let (stdout, stderr) = (stdout.text(), stderr.text());
    if let Some(status) = exit_status(ended.as_ref()) {
        return Ok(Executed { stdout, stderr, status });
    }
    let said = ended.and_then(|status| status.message).unwrap_or_default();
    if has_no_program(&said) {
        return Ok(Executed { stdout, stderr: said, status: NO_PROGRAM });
    }
    Err(Fault::broken(format!("`{shown}` in Pod {pod} ended without an exit status")).seen("the API said", said))
}

/// Whether the runtime reports that the program does not exist in the container.
fn has_no_program(said: &str) -> bool {
    said.contains("executable file not found") || said.contains("no such file or directory: unknown")
}

/// The exit status from the API's answer: `Success`, or a cause named `ExitCode`.
fn exit_status(status: Option<&Status>) -> Option<i32> {
    let status = status?;
    if status.status.as_deref() == Some("Success") {
        return Some(0);
    }
    let causes = status.details.as_ref()?.causes.as_ref()?;
    causes.iter().find(|cause| cause.reason.as_deref() == Some("ExitCode"))?.message.as_ref()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_session_that_does_not_begin_is_no_fault_of_the_program() {
        let api = crate::testing::api::MockApi::new();
        api.becomes(crate::testing::api::Condition::Silent);
        let pods = Api::namespaced(api.client(), "lab");
        let ended = exec(&pods, "hello", None, &["true".to_owned()], Duration::from_secs(5)).await;
        assert_eq!(ended.unwrap_err().verdict, Verdict::Broken);
    }

    fn status(yaml: &str) -> Status {
        serde_yaml::from_str(yaml).unwrap()
    }

    #[test]
    fn success_is_status_0() {
        assert_eq!(exit_status(Some(&status("status: Success"))), Some(0));
    }

    #[test]
    fn a_failure_tells_its_exit_status() {
        let failure =
            status("{status: Failure, reason: NonZeroExitCode, details: {causes: [{reason: ExitCode, message: '7'}]}}");
        assert_eq!(exit_status(Some(&failure)), Some(7));
    }

    #[test]
    fn a_missing_program_is_no_broken_runtime() {
        assert!(has_no_program("exec: \"printenv\": executable file not found in $PATH: unknown"));
        assert!(!has_no_program("error dialing backend: connection refused"));
    }

    #[test]
    fn no_status_is_not_success() {
        assert_eq!(exit_status(None), None);
        assert_eq!(exit_status(Some(&status("{status: Failure, reason: InternalError}"))), None);
    }
}

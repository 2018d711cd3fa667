//! The rules for containers, and for what Pods and containers may ask of the kernel.

use serde_json::Value;

use super::{
    findings::{Findings, LONGEST_GRACE, given, items},
    image::{is_among, listed},
    variables,
};
use crate::submission::rule::Rule;

/// The capabilities that the profile "baseline" allows; containers have them by default.
const CAPABILITIES: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// The kernel parameters that the profile "baseline" allows a Pod to set; each belongs to a namespace.
const SYSCTLS: [&str; 10] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_syncookies",
];

/// The `SELinux` types that the profile "baseline" allows.
const SELINUX: [&str; 4] = ["container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

/// Judges a container.
pub(super) fn judge(findings: &mut Findings<'_>, container: &Value) {
    let image = given(container, "image");
    let allowed = image.and_then(Value::as_str).is_some_and(|image| is_among(image, &findings.rules.images));
    if !allowed {
        let instead = format!("the lab's images are {}", listed(&findings.rules.images));
        if image.is_some() {
            findings.refuse(Rule::Image, "image", image, &instead);
        } else {
            let line = findings.document.0.line_of("containers", "");
            findings.refuse_at(line, Rule::Image, format!("a container has no image: {instead}"));
        }
    }
    judge_security(findings, container);
    variables::judge(findings, container);
    for port in items(container, "ports") {
        let taken = port.get("hostPort").filter(|number| !number.is_null() && number.as_f64() != Some(0.0));
        if let Some(number) = taken {
            findings.refuse(Rule::NoHostPort, "hostPort", Some(number), "leave it out: containerPort is enough");
        }
    }
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"].iter().filter_map(|key| container.get(key)) {
        findings.refuse_above(Rule::GracePeriod, probe, &["terminationGracePeriodSeconds"], LONGEST_GRACE);
        judge_handler(findings, probe);
    }
    let lifecycle = container.get("lifecycle");
    for handler in ["postStart", "preStop"].iter().filter_map(|key| lifecycle?.get(key)) {
        judge_handler(findings, handler);
    }
}

/// Judges a probe's host: the node sends a probe's request, so with a host it could reach what the Pod cannot.
fn judge_handler(findings: &mut Findings<'_>, handler: &Value) {
    for action in ["httpGet", "tcpSocket"].iter().filter_map(|key| handler.get(key)) {
        findings.refuse_given(
            Rule::NoHostNetwork,
            action,
            &["host"],
            "leave it out: then the probe asks the Pod itself",
        );
    }
}

/// Judges the field `securityContext` of a container or of a Pod.
pub(super) fn judge_security(findings: &mut Findings<'_>, value: &Value) {
    let Some(security) = value.get("securityContext") else { return };
    let instead = "leave it out: a container of the lab has no rights on its node";
    findings.refuse_true(security, &[("privileged", Rule::NoPrivileged)], instead);
    for added in security.get("capabilities").map(|value| items(value, "add")).unwrap_or_default() {
        if !added.as_str().is_some_and(|name| CAPABILITIES.contains(&name)) {
            let instead = "leave it out: a container of the lab has the usual capabilities at most";
            findings.refuse(Rule::Capability, "add", Some(added), instead);
        }
    }
    if let Some(mount) = given(security, "procMount").filter(|mount| *mount != "Default") {
        findings.refuse(Rule::Security, "procMount", Some(mount), "write Default, or leave it out");
    }
    for key in ["seccompProfile", "appArmorProfile"] {
        let kind = security.get(key).and_then(|profile| given(profile, "type"));
        let confines = |kind: &Value| *kind == "RuntimeDefault" || *kind == "Localhost";
        if let Some(kind) = kind.filter(|kind| !confines(kind)) {
            findings.refuse(Rule::Security, "type", Some(kind), "write RuntimeDefault, or leave it out");
        }
    }
    if let Some(options) = security.get("seLinuxOptions") {
        findings.refuse_given(Rule::Security, options, &["user", "role"], "leave it out: the node's default is right");
        let known = |kind: &Value| kind.as_str().is_some_and(|kind| SELINUX.contains(&kind));
        if let Some(kind) = given(options, "type").filter(|kind| !known(kind)) {
            findings.refuse(Rule::Security, "type", Some(kind), "leave it out: the node's default is right");
        }
    }
    if let Some(options) = security.get("windowsOptions") {
        findings.refuse_true(options, &[("hostProcess", Rule::Security)], "leave it out: the nodes run Linux");
    }
    for setting in items(security, "sysctls") {
        let name = setting.get("name");
        if !name.and_then(Value::as_str).is_some_and(|name| SYSCTLS.contains(&name)) {
            findings.refuse(Rule::Security, "name", name, "leave it out: this parameter is the whole node's");
        }
    }
}

//! `labproof man`: the manual pages, for packages.

use std::{fs, io, path::PathBuf};

use clap::{Args, Command};
use clap_mangen::{
    Man as Page,
    roff::{Roff, bold, roman},
};

use super::exit::{self, Status};
use crate::{
    progress,
    verdict::{Fault, Outcome},
};

/// Where the pages go.
#[derive(Debug, Args)]
pub(super) struct Man {
    /// Write labproof.1 and a page for each command to this folder [default: print labproof.1]
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

const FILES: [(&str, &str); 8] = [
    ("features/", "The labs' feature files. A folder that contains it is a course."),
    ("scenarios/LAB/", "The files of a lab; lab.yaml describes it."),
    ("labproof.toml", "The course's options, beside features/: [verify] with jobs = 4 stands for verify --jobs 4."),
    ("kind-config/", "A course's own cluster, node images and stand-ins for images."),
    ("grades/", "The reports of a class, unless --out names another folder."),
    (
        "/var/lib/labproof, or $XDG_STATE_HOME/labproof for other users than root",
        "The state: the record of each cluster, its kubeconfig, claims and journals.",
    ),
    ("$XDG_CACHE_HOME/labproof", "The cache: what takes long to build. `labproof clean` lists and removes it."),
    ("$TMPDIR/labproof-RUN", "The folders of a run's scenarios, removed at its end."),
];

const ENVIRONMENT: [(&str, &str); 10] = [
    ("LABPROOF_STATE", "The folder of the state."),
    ("LABPROOF_CACHE", "The folder of the cache."),
    ("XDG_STATE_HOME, XDG_CACHE_HOME", "The folders that contain both otherwise."),
    ("TMPDIR", "The folder for temporary files."),
    ("DOCKER_HOST", "The address of the engine. Without it, the current Docker context selects the engine."),
    ("DOCKER_CONTEXT", "The Docker context that selects the engine."),
    ("DOCKER_CONFIG", "The folder with the settings of Docker's command line."),
    ("DOCKER_BUILDKIT", "If it is 0, the engine's classic builder builds images."),
    ("KUBECONFIG", "The kubeconfig of a learner's own cluster, for grade --live only."),
    ("NO_COLOR", "If it is set, the output has no colours."),
];

impl Man {
    pub(super) fn run(self, program: Command) -> Outcome<Status> {
        let Some(folder) = self.folder else {
            progress::print(&String::from_utf8_lossy(&main_page(program).map_err(|error| cannot(&error))?));
            return Ok(Status::Passed);
        };
        fs::create_dir_all(&folder).and_then(|()| write(program, &folder)).map_err(|error| {
            Fault::refused(format!("cannot write to {}: {error}", folder.display()))
                .hint("give a folder that you may write to")
        })?;
        Ok(Status::Passed)
    }
}

fn cannot(error: &io::Error) -> Fault {
    Fault::broken(format!("cannot make the manual page: {error}"))
}

fn write(mut program: Command, folder: &std::path::Path) -> io::Result<()> {
    fs::write(folder.join("labproof.1"), main_page(program.clone())?)?;
    program.build();
    for command in program.get_subcommands().filter(|command| command.get_name() != "help") {
        let mut page = Vec::new();
        Page::new(command.clone()).manual("labproof").render(&mut page)?;
        fs::write(folder.join(format!("labproof-{}.1", command.get_name())), page)?;
    }
    Ok(())
}

/// The page of the program. The exit statuses have a section of their own here, and not that of the help.
fn main_page(program: Command) -> io::Result<Vec<u8>> {
    let (page, mut text) = (Page::new(program.disable_help_subcommand(true)).manual("labproof"), Vec::new());
    page.render_title(&mut text)?;
    page.render_name_section(&mut text)?;
    page.render_synopsis_section(&mut text)?;
    page.render_description_section(&mut text)?;
    page.render_options_section(&mut text)?;
    page.render_subcommands_section(&mut text)?;
    section("EXIT STATUS", &exit::MEANINGS).to_writer(&mut text)?;
    section("FILES", &FILES).to_writer(&mut text)?;
    section("ENVIRONMENT", &ENVIRONMENT).to_writer(&mut text)?;
    page.render_version_section(&mut text)?;
    Ok(text)
}

fn section(title: &str, rows: &[(&str, &str)]) -> Roff {
    let mut section = Roff::new();
    section.control("SH", [title]);
    for (term, meaning) in rows {
        section.control("TP", []).text([bold(*term)]).text([roman(*meaning)]);
    }
    section
}

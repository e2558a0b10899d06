//! Power cuts: the sandbox lies on ext4 in a file; at a call the file is copied, and the copy is
//! mounted. What was written and not synced is in the page cache alone, and so not in the copy.

use std::path::PathBuf;
use std::process::Command;

use crate::run::Tally;
use crate::sample::Sample;
use crate::scenario::Scenario;
use crate::subject::{FOLLOW_UPS, Subject};
use crate::trace::{Interference, Plan};

const SIZE: &str = "96M";
/// The power is cut after the operation has reported success.
const THE_END: &str = "the end";

struct Disk {
    directory: PathBuf,
}

impl Disk {
    fn new() -> Disk {
        let directory = PathBuf::from(format!("/dev/shm/proof-power-{}", std::process::id()));
        std::fs::create_dir(&directory).expect("make a directory");
        let disk = Disk { directory };
        std::fs::create_dir(disk.mountpoint()).expect("make a directory");
        let image = disk.image("base");
        run(Command::new("truncate").args(["-s", SIZE]).arg(&image));
        run(Command::new("mkfs.ext4")
            .args(["-q", "-E", "lazy_itable_init=0"])
            .arg(&image));
        disk
    }

    fn mountpoint(&self) -> PathBuf {
        self.directory.join("disk")
    }

    fn image(&self, name: &str) -> PathBuf {
        self.directory.join(format!("{name}.img"))
    }

    fn copy(&self, from: &str, to: &str) {
        run(Command::new("cp")
            .arg("--sparse=always")
            .arg(self.image(from))
            .arg(self.image(to)));
    }

    fn mount(&self, name: &str) {
        // The journal's own timer would write what nothing synced.
        let options = "loop,commit=300,noauto_da_alloc";
        run(Command::new("mount")
            .args(["-o", options])
            .arg(self.image(name))
            .arg(self.mountpoint()));
    }

    fn unmount(&self) {
        for _ in 0..500 {
            let done = Command::new("umount").arg(self.mountpoint()).output();
            if done.expect("run umount").status.success() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("{} stays busy", self.mountpoint().display());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount")
            .arg("-l")
            .arg(self.mountpoint())
            .output();
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// Why power cuts cannot be tried here.
pub(crate) fn possible() -> Result<(), String> {
    let disk = Disk::new();
    let mut mount = Command::new("mount");
    mount
        .args(["-o", "loop"])
        .arg(disk.image("base"))
        .arg(disk.mountpoint());
    match mount.output() {
        Ok(done) if done.status.success() => {
            disk.unmount();
            Ok(())
        }
        Ok(done) => Err(String::from_utf8_lossy(&done.stderr).trim().to_owned()),
        Err(error) => Err(format!("mount: {error}")),
    }
}

pub(crate) fn sweep(scenario: &Scenario, sample: &Sample) -> Tally {
    let disk = Disk::new();
    disk.mount("base");
    // Sandboxes are made on the disk. It has the same path for each scenario.
    let _ = tempfile::env::override_temp_dir(&disk.mountpoint());
    let subject = Subject::new(scenario);
    disk.unmount();
    let mut points = sample.of(&subject.calls);
    points.push(subject.calls.len() + 1);
    let mut tally = Tally {
        known: subject.calls.len() + 1,
        ..Tally::default()
    };
    for at in points {
        disk.copy("base", "run");
        disk.mount("run");
        let plan = Plan {
            at,
            what: Interference::Stop,
        };
        let traced = subject.trace(Some(plan), &mut || disk.copy("run", "cut"));
        let hit = match traced.hit {
            Some(hit) => hit,
            None => {
                disk.copy("run", "cut");
                THE_END.to_owned()
            }
        };
        disk.unmount();
        tally.tried += 1;
        let mut faults = Vec::new();
        for follow_up in FOLLOW_UPS {
            disk.copy("cut", "after");
            disk.mount("after");
            faults.extend(subject.follow_up(follow_up));
            if hit == THE_END && follow_up == FOLLOW_UPS[0] {
                faults.extend(subject.lost_after_success());
            }
            disk.unmount();
        }
        if !faults.is_empty() {
            tally
                .lost
                .push(format!("{at} {hit}: {}", faults.join("; ")));
        }
    }
    disk.mount("base");
    drop(subject);
    disk.unmount();
    tally
}

fn run(command: &mut Command) {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}

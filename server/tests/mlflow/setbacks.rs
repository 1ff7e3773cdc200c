//! What is in the outbox reaches an MLflow server once, and in the end, whatever
//! comes between.

use std::process::Stdio;
use std::sync::atomic::Ordering::SeqCst;
use std::thread::sleep;
use std::time::Duration;

use churn_core::runs::Run;
use churn_server::mlflow::{self, Registered};
use churn_server::store::outbox::Peer;
use churn_server::telling::Sender;

use crate::Failure;
use crate::mlflow_server::{free_address, shared};
use crate::program::Folder;
use crate::proxy::Proxy;
use crate::told::{DOCUMENT, SEND, STATUS, add, counts, place, run};

#[test]
fn a_server_that_is_down_only_delays() -> Result<(), Failure> {
    let Some(server) = shared()? else {
        return Ok(());
    };
    let folder = Folder::new("mlflow-down")?;
    let name = format!("down-{}", folder.database_url().is_some());
    let address = free_address()?;
    let uri = format!("http://{address}");
    // Who runs an experiment is not held up, and told.
    let sender = Sender::start(place(&folder)?, Peer::Mlflow, &uri, |_| Ok(true))?;
    add(&folder, &uri, &[run(&name, 1), run(&name, 2)])?;
    sender.nudge();
    let trouble = sender.finish()?.ok_or("sent to nobody")?;
    assert!(trouble.starts_with(&uri), "{trouble}");
    assert_eq!(counts(&folder)?, [0, 2, 0]);

    let refused = folder.run(&SEND)?;
    assert_eq!(refused.0.status.code(), Some(2));
    let told = refused.err();
    assert!(told.contains("error: not sent: http://"), "{told}");
    let status = folder.run(&STATUS)?.succeeded()?.out();
    let lines: Vec<Vec<&str>> = status
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[1][..4], [&name, &format!("{name}-1"), "", "waiting"]);
    assert!(lines[1][6].contains("refused"), "{status}");
    // The second was not even tried.
    assert_eq!((lines[2][4], lines[2][6]), ("0", ""));

    let proxy = Proxy::start(&address, &server.address)?;
    folder.run(&SEND)?.succeeded()?;
    assert!(proxy.left.load(SeqCst) < usize::MAX - 10);
    assert_eq!(counts(&folder)?, [2, 0, 0]);
    let back = server.read_back(&name, &[])?;
    assert_eq!(back["runs"].as_array().map(Vec::len), Some(2));
    Ok(())
}

#[test]
fn whoever_is_killed_while_sending_sends_once() -> Result<(), Failure> {
    let Some(server) = shared()? else {
        return Ok(());
    };
    let folder = Folder::new("mlflow-killed")?;
    let name = format!("killed-{}", folder.database_url().is_some());
    let proxy = Proxy::start("127.0.0.1:0", &server.address)?;
    // The answer to each request in its turn is never heard.
    for kept in 1.. {
        let name = format!("{name}-{kept}");
        let registered = Registered {
            name: &name,
            version: 1,
            alias: Some("champion"),
        };
        let (run, document) = (run(&name, kept), Some(DOCUMENT));
        let mut connection = place(&folder)?.open()?;
        mlflow::add(
            &mut connection,
            &proxy.uri,
            &run,
            document,
            Some(&registered),
        )?;
        proxy.left.store(kept.try_into()?, SeqCst);
        let mut sending = folder.command(&SEND).stderr(Stdio::null()).spawn()?;
        let was_kept = loop {
            if proxy.kept.try_recv().is_ok() {
                sending.kill()?;
                sending.wait()?;
                break true;
            }
            if sending.try_wait()?.is_some() {
                break false;
            }
            sleep(Duration::from_millis(5));
        };
        if !was_kept {
            // Every request had its turn.
            assert!(kept > 12, "{kept}");
            break;
        }
        assert_eq!(counts(&folder)?[1], 1);
        folder.run(&SEND)?.succeeded()?;
    }
    let all = counts(&folder)?[0];
    let back = server.read_back(&name, &[&name, ""])?;
    assert_eq!(back["versions"], all);
    let runs = back["runs"].as_array().ok_or("no runs")?;
    assert_eq!(runs.len() as u64, all);
    for told in runs {
        assert_eq!(told["status"], "FINISHED");
        assert_eq!(told["metrics"]["loss"].as_array().map(Vec::len), Some(4));
        assert_eq!(told["inputs"].as_array().map(Vec::len), Some(1));
        assert_eq!(told["files"]["model.json"], DOCUMENT);
    }
    Ok(())
}

#[test]
fn what_is_refused_is_kept_with_the_reason() -> Result<(), Failure> {
    let Some(server) = shared()? else {
        return Ok(());
    };
    let folder = Folder::new("mlflow-refused")?;
    let name = format!("refused-{}", folder.database_url().is_some());
    let registered = Registered {
        name: &name,
        version: 1,
        alias: Some("latest"),
    };
    mlflow::add(
        &mut place(&folder)?.open()?,
        &server.uri(),
        &run(&name, 1),
        Some(DOCUMENT),
        Some(&registered),
    )?;
    add(&folder, &server.uri(), &[run(&name, 2)])?;
    let told = folder.run(&SEND)?.err();
    assert!(
        told.contains("not sent: INVALID_PARAMETER_VALUE: "),
        "{told}"
    );
    // What is behind it goes.
    assert_eq!(counts(&folder)?, [1, 0, 1]);
    let status = folder.run(&STATUS)?.succeeded()?.out();
    let reason = "\trefused\t1\t\tINVALID_PARAMETER_VALUE: 'latest' alias name";
    assert!(status.contains(reason), "{status}");
    // It is not tried again unless that is asked for.
    folder.run(&SEND)?.succeeded()?;
    let again = folder.run(&[&SEND[..], &["--refused"]].concat())?;
    assert_eq!(again.0.status.code(), Some(2));
    assert_eq!(counts(&folder)?, [1, 0, 1]);
    Ok(())
}

#[test]
fn two_who_send_at_once_send_once() -> Result<(), Failure> {
    let Some(server) = shared()? else {
        return Ok(());
    };
    let folder = Folder::new("mlflow-two")?;
    let name = format!("two-{}", folder.database_url().is_some());
    let runs: Vec<Run> = (1..=6).map(|number| run(&name, number)).collect();
    add(&folder, &server.uri(), &runs)?;
    let spawn = || folder.command(&SEND).stderr(Stdio::null()).spawn();
    for mut sending in [spawn()?, spawn()?, spawn()?] {
        sending.wait()?;
    }
    folder.run(&SEND)?.succeeded()?;
    let back = server.read_back(&name, &[])?;
    assert_eq!(back["runs"].as_array().map(Vec::len), Some(6));
    Ok(())
}

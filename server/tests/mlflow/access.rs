//! How an MLflow server is reached: which addresses there are, and who asks.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::process::Command;
use std::thread;

use crate::Failure;
use crate::mlflow_server::shared;
use crate::program::{Folder, Run as Ended};
use crate::told::{DOCUMENT, SEND, add, place, run};

#[test]
fn a_server_is_reached_over_tls_and_its_certificate_checked() -> Result<(), Failure> {
    let Some(server) = shared()? else {
        return Ok(());
    };
    let folder = Folder::new("mlflow-tls")?;
    let name = format!("tls-{}", folder.database_url().is_some());
    let made = Command::new("openssl")
        .args([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        ])
        .args([
            "-subj",
            "/CN=churn",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
        ])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .args(["-keyout", "server.key", "-out", "server.crt"])
        .current_dir(folder.path())
        .output()?;
    Ended(made).succeeded()?;
    let server = server.with_tls(folder.path())?;
    add(&folder, &server.uri(), &[run(&name, 1)])?;
    let unknown = Ended(folder.command(&SEND).output()?).err();
    assert!(
        unknown.contains("1 waiting") && unknown.contains("certificate"),
        "{unknown}"
    );
    let trusting = folder
        .command(&SEND)
        .env("SSL_CERT_FILE", "server.crt")
        .output()?;
    Ended(trusting).succeeded()?;
    let back = server.read_back(&name, &[])?;
    assert_eq!(back["runs"][0]["files"]["model.json"], DOCUMENT);
    Ok(())
}

#[test]
fn who_asks_is_said_as_mlflow_says_it() -> Result<(), Failure> {
    let folder = Folder::new("mlflow-who")?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let uri = format!("http://{}", listener.local_addr()?);
    add(&folder, &uri, &[run("who", 1)])?;
    let heard = thread::spawn(move || -> std::io::Result<Vec<String>> {
        let mut heard = Vec::new();
        for _ in 0..2 {
            let (mut stream, _) = listener.accept()?;
            let lines = BufReader::new(stream.try_clone()?)
                .lines()
                .map_while(Result::ok);
            let head = lines.take_while(|line| !line.is_empty());
            let said: Vec<String> = head
                .filter(|line| line.starts_with("authorization"))
                .collect();
            heard.push(said.join(" "));
            stream.write_all(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\nno")?;
        }
        Ok(heard)
    });
    for variables in [
        &[
            ("MLFLOW_TRACKING_USERNAME", "ann"),
            ("MLFLOW_TRACKING_PASSWORD", "secret"),
        ][..],
        &[("MLFLOW_TRACKING_TOKEN", "secret")],
    ] {
        let mut sending = folder.command(&SEND);
        let told = Ended(sending.envs(variables.iter().copied()).output()?).err();
        // This is no affair of the run: it waits until who asks is let in.
        assert!(
            told.contains("1 waiting") && told.contains("401: no"),
            "{told}"
        );
        assert!(!told.contains("secret"), "{told}");
    }
    let heard = heard.join().map_err(|_| "the listener broke off")??;
    let basic = "authorization: Basic YW5uOnNlY3JldA==";
    assert_eq!(heard, [basic, "authorization: Bearer secret"]);
    Ok(())
}

#[test]
fn an_address_is_checked_before_anything_is_sent() -> Result<(), Failure> {
    let folder = Folder::new("mlflow-address")?;
    drop(place(&folder)?.open()?);
    for (uri, got) in [
        ("file:///tmp/mlruns", "got 'file:///tmp/mlruns'"),
        ("127.0.0.1:5000", "got '127.0.0.1:5000'"),
        (
            "http://ann:secret@host",
            "got one with a name or password in it",
        ),
    ] {
        let refused = folder
            .run(&[&SEND[..], &["--mlflow-uri", uri]].concat())?
            .refused()?;
        let expected = "error: --mlflow-uri: expected an address such as http://127.0.0.1:8080";
        assert!(
            refused.starts_with(expected) && refused.ends_with(got),
            "{refused}"
        );
    }
    Ok(())
}

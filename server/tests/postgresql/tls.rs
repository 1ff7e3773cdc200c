//! PostgreSQL over TLS, and never without it where it is asked for.

use std::net::TcpListener;
use std::process::{Command, Output};

use serde_json::json;

use crate::Failure;
use crate::cluster::Cluster;
use crate::program::{Folder, Run};
use crate::server::{Server, small};

/// Everybody who comes over the network has to use TLS and a password.
const ACCESS: &str = "local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n";

/// A certificate for 127.0.0.1 and its key.
fn certificate(folder: &Folder) -> Result<(), Failure> {
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
    Run(made).succeeded().map(drop)
}

#[test]
fn a_certificate_is_checked_and_tls_is_not_left_out() -> Result<(), Failure> {
    let folder = small("tls")?;
    certificate(&folder)?;
    let cluster = Cluster::start("")?;
    let local = cluster.make("tls")?;
    cluster.run("tls", "ALTER ROLE churn PASSWORD 'secret'")?;
    cluster.crash()?;
    let certificate = cluster.write("server.crt", folder.read("server.crt")?.as_bytes())?;
    let key = cluster.write("server.key", folder.read("server.key")?.as_bytes())?;
    let access = cluster.write("access", ACCESS.as_bytes())?;
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    // The last option wins, and the socket is named after the port.
    cluster.start_again(&format!(
        "-c listen_addresses=127.0.0.1 -c port={port} -c ssl=on -c ssl_cert_file='{}' \
         -c ssl_key_file='{}' -c hba_file='{}'",
        certificate.display(),
        key.display(),
        access.display()
    ))?;
    let url = |password: &str, mode: &str| {
        format!("postgresql://churn:{password}@127.0.0.1:{port}/tls?sslmode={mode}")
    };
    let list = |url: &str, trusted: &str| -> Result<Output, Failure> {
        let mut command = folder.command(&["key", "list"]);
        command
            .env("CHURN_DATABASE_URL", url)
            .env("SSL_CERT_FILE", trusted);
        Ok(command.output()?)
    };
    let refused = |url: &str, trusted: &str, told: &str| -> Result<(), Failure> {
        let refused = Run(list(url, trusted)?).refused()?;
        assert!(
            refused.contains(told) && !refused.contains("secret"),
            "{refused}"
        );
        Ok(())
    };
    for mode in ["require", "prefer"] {
        Run(list(&url("secret", mode), "server.crt")?).succeeded()?;
    }
    refused(
        &url("wrong", "require"),
        "server.crt",
        "password authentication failed",
    )?;
    refused(&url("secret", "disable"), "server.crt", "no encryption")?;
    // Signed by somebody unknown, here or everywhere.
    certificate_of_another(&folder)?;
    refused(
        &url("secret", "require"),
        "other/server.crt",
        "invalid peer certificate",
    )?;
    refused(&url("secret", "require"), "none.crt", "certificate")?;
    // A server without TLS: on its socket.
    let socket = local.replace("/tls", &format!(":{port}/tls"));
    refused(&format!("{socket}?sslmode=require"), "server.crt", "TLS")?;

    let mut serve = folder.command(&["serve", "--open", "--addr", "127.0.0.1:0", "--model"]);
    serve
        .arg("model.json")
        .env("CHURN_DATABASE_URL", url("secret", "require"));
    let server = Server::spawn(serve.env("SSL_CERT_FILE", "server.crt"))?;
    let mut client = server.client()?;
    client.post("/model", &json!({"request": {}}))?.json(200)?;
    client.get("/api/v1/predictions")?.json(200)?;
    let sessions = "SELECT count(*), bool_and(ssl) FROM pg_stat_ssl \
                    JOIN pg_stat_activity USING (pid) WHERE application_name = 'churn'";
    let row = postgres::Client::connect(&socket, postgres::NoTls)?.query_one(sessions, &[])?;
    assert!(row.get::<_, i64>(0) >= 2);
    assert!(row.get::<_, bool>(1));
    Ok(())
}

fn certificate_of_another(folder: &Folder) -> Result<(), Failure> {
    let other = Folder::new("tls-other")?;
    certificate(&other)?;
    std::fs::create_dir(folder.path().join("other"))?;
    folder.write("other/server.crt", other.read("server.crt")?)
}

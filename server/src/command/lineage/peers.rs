//! What came from what, for other programs: written to files, or sent.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use churn_core::{Error, ErrorCode, Result};
use clap::{ArgGroup, Args};

use crate::command::data::TablesArgs;
use crate::lineage::atlas::{self, Names};
use crate::lineage::{Gatherer, Records, Server, openlineage};
use crate::output::{self, Output};
use crate::store::outbox::{self, Peer};
use crate::telling::{self, Which};
use crate::terminal::say;

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("format").required(true))]
pub(super) struct ExportArgs {
    /// As events of OpenLineage, one JSON document a line; - is standard output
    #[arg(long, value_name = "FILE", group = "format")]
    openlineage: Option<PathBuf>,

    /// As entities of Apache Atlas, the body of a POST to
    /// /api/atlas/v2/entity/bulk; - is standard output
    #[arg(long, value_name = "FILE", group = "format")]
    atlas: Option<PathBuf>,

    /// Name of the project in Atlas
    #[arg(long, value_name = "NAME", default_value = "churn", requires = "atlas")]
    project: String,

    /// What entities are called in Atlas, with {project}, {kind} and {name}
    #[arg(long, value_name = "PATTERN", default_value = atlas::PATTERN, requires = "atlas")]
    qualified_name: String,

    #[command(flatten)]
    tables: TablesArgs,
}

#[derive(Debug, Args)]
pub(super) struct SendArgs {
    /// The server, such as http://127.0.0.1:5000
    #[arg(long, value_name = "URL")]
    openlineage_url: String,

    /// Try again, too, what was refused
    #[arg(long)]
    refused: bool,

    #[command(flatten)]
    tables: TablesArgs,
}

pub(super) fn export(args: &ExportArgs) -> Result<()> {
    let names = Names::new(&args.project, &args.qualified_name)?;
    let place = args.tables.data.existing()?;
    let mut records = Records::read(&mut place.open()?)?;
    if let Some(file) = &args.atlas {
        let entities = atlas::entities(&records, &names);
        return write(file, &format!("{entities}\n"));
    }
    if let Some(folder) = args.tables.folder(&place) {
        records.look_into(&folder);
    }
    let events = openlineage::events(&records).into_iter();
    let lines: String = events
        .map(|event| format!("{}\n", event.document))
        .collect();
    let file = args.openlineage.as_ref();
    file.map_or(Ok(()), |file| write(file, &lines))
}

fn write(file: &Path, text: &str) -> Result<()> {
    let mut output = Output::create(file)?;
    let written = output.write_all(text.as_bytes());
    written.map_err(|error| output::failed(file, &error))?;
    if output.finish()? {
        say(format_args!("wrote     {}", output::name(file)));
    }
    Ok(())
}

pub(super) fn send(args: &SendArgs) -> Result<()> {
    Server::new(&args.openlineage_url)?;
    let place = args.tables.data.existing()?;
    let mut connection = place.open()?;
    if args.refused {
        outbox::try_again(&mut connection, Peer::OpenLineage)?;
    }
    let folder = args.tables.folder(&place);
    Gatherer::new(&args.openlineage_url, folder).gather(&place)?;
    let trouble = telling::send(&place, Peer::OpenLineage, Which::All)?;
    let counts = outbox::counts(&mut connection, Peer::OpenLineage)?;
    say(format_args!(
        "OpenLineage: {} sent, {} waiting, {} refused",
        counts.sent, counts.waiting, counts.refused
    ));
    match trouble {
        Some(trouble) if counts.waiting + counts.refused > 0 => {
            Err(Error::new(ErrorCode::Io, format!("not sent: {trouble}")))
        }
        _ => Ok(()),
    }
}

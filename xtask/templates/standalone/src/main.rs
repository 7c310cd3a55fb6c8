//! The `tulay` command, with Kawayan beside the providers it knows.

fn main() -> std::process::ExitCode {
    tulay_cli::main_with(|tulay| tulay.adapter(tulay_kawayan::KawayanAdapter))
}

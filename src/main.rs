//! Arguments in, exit code out; nothing else.

fn main() -> std::process::ExitCode {
    std::process::ExitCode::from(rasoat::cli::main().number())
}

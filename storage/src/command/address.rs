//! What is an address of PostgreSQL, and no name of a file.

/// What an address in words may begin with.
const WORDS: [&str; 20] = [
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "sslmode",
    "sslrootcert",
    "target_session_attrs",
    "connect_timeout",
    "application_name",
    "channel_binding",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "load_balance_hosts",
    "options",
    "service",
    "tcp_user_timeout",
];

/// Whether a word of the command line is an address: a URL, or words as `host=… dbname=…`.
pub fn is_address(text: &str) -> bool {
    let is_url = text.starts_with("postgres://") || text.starts_with("postgresql://");
    is_url || text.split_once('=').is_some_and(|(word, _)| WORDS.contains(&word.trim()))
}

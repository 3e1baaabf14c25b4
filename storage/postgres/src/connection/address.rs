//! Where a server is: the hosts of an address, asked one by one, each for a bounded time.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio_postgres::Config;
use tokio_postgres::config::{Host, LoadBalanceHosts, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::connection::encryption::{self, Asked};
use crate::open_error::OpenError;

/// How long one host may take to let a connection in, where the address has no `connect_timeout`.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long what was sent may stay without a sign of the other machine, where the address has no `tcp_user_timeout`.
const TCP_USER_TIMEOUT: Duration = Duration::from_secs(10);

/// The same while an answer is waited for, and nothing is left to send: the other machine is asked whether it is still there.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(5);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(2);
const KEEPALIVE_RETRIES: u32 = 3;

/// What the client takes where an address says nothing; as good as never.
const KEEPALIVE_IDLE_UNSET: Duration = Duration::from_hours(2);

/// The names in an address: what may be shown of one that holds a password.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AddressNames {
    /// The role that connects, where the address names one.
    pub role: Option<String>,
    /// The database, where the address names one.
    pub database: Option<String>,
}

impl AddressNames {
    /// The names in a connection string, as [`crate::PostgresStore::open`] takes it.
    ///
    /// # Errors
    /// The text cannot be understood, its mode of encryption is not supported, or its root certificates cannot be read.
    pub fn of(address: &str) -> Result<Self, OpenError> {
        let (address, _) = Address::read(address)?;
        let config = address.hosts.first().ok_or(OpenError::NoHost)?;
        Ok(Self {
            role: config.get_user().map(str::to_owned),
            database: config.get_dbname().map(str::to_owned),
        })
    }
}

/// The hosts of an address.
pub(crate) struct Address {
    /// One for each host, so that one that lets in and then says nothing does not keep the next from being asked.
    hosts: Vec<Config>,
    /// The host that let the last connection in. The next one asks there first.
    last: AtomicUsize,
    /// Absent where connections are not encrypted.
    encryption: Option<MakeRustlsConnect>,
}

impl Address {
    /// The hosts of a connection string, with bounds for a machine that is gone without a word.
    ///
    /// # Errors
    /// The text cannot be understood, its mode of encryption is not supported, its root certificates cannot be read, or it leads over a
    /// network and says nothing of encryption.
    pub(crate) fn parse(text: &str) -> Result<Self, OpenError> {
        let (address, is_stated) = Self::read(text)?;
        match address.hosts.iter().find_map(on_network).filter(|_| !is_stated) {
            Some(host) => Err(OpenError::NoMode { host }),
            None => Ok(address),
        }
    }

    /// The hosts, and whether the address says something of encryption.
    fn read(text: &str) -> Result<(Self, bool), OpenError> {
        let (text, asked) = encryption::take(text)?;
        let mut config: Config = text.parse().map_err(OpenError::Address)?;
        // One that was not taken out, as with a name in escapes, must not be overruled.
        if !matches!(asked, Asked::For(_)) && config.get_ssl_mode() == SslMode::Require {
            return Err(OpenError::SslMode("require".to_owned()));
        }
        let is_stated = !matches!(asked, Asked::Nothing) || config.get_ssl_mode() == SslMode::Disable;
        let encryption = match asked {
            Asked::For(encryption) => Some(encryption),
            Asked::Not | Asked::Nothing => None,
        };
        config.ssl_mode(if encryption.is_some() { SslMode::Require } else { SslMode::Disable });
        bound(&mut config);
        Ok((Self { hosts: hosts(&config), last: AtomicUsize::new(0), encryption }, is_stated))
    }

    /// How connections are encrypted, if they are.
    pub(crate) const fn encryption(&self) -> Option<&MakeRustlsConnect> {
        self.encryption.as_ref()
    }

    /// Asks host after host, beginning with the one that let the last connection in, until the deadline is over.
    ///
    /// # Errors
    /// No host accepts the connection; the error is that of the last one.
    pub(crate) fn try_each<T>(
        &self,
        deadline: Option<Instant>,
        mut attempt: impl FnMut(&Config, Duration) -> Result<T, OpenError>,
    ) -> Result<T, OpenError> {
        let last = self.last.load(Ordering::Relaxed);
        let order = (last..self.hosts.len()).chain(0..last);
        let mut refused = OpenError::NoHost;
        for host in order {
            let config = &self.hosts[host];
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                return Err(OpenError::Late);
            }
            let limit = time_limit(config);
            match attempt(config, left.map_or(limit, |left| limit.min(left))) {
                Ok(connection) => {
                    self.last.store(host, Ordering::Relaxed);
                    return Ok(connection);
                }
                Err(error) => refused = error,
            }
        }
        Err(refused)
    }
}

/// A host of other machines: neither a socket, nor an address or the name of this machine's own.
fn on_network(config: &Config) -> Option<String> {
    let is_other = |address: &&IpAddr| !address.to_canonical().is_loopback();
    // Where there are addresses, names are not looked up.
    if !config.get_hostaddrs().is_empty() {
        return config.get_hostaddrs().iter().find(is_other).map(IpAddr::to_string);
    }
    config.get_hosts().iter().find_map(|host| match host {
        Host::Tcp(name) => {
            let address = name.parse::<IpAddr>().ok();
            let is_own = match &address {
                Some(address) => !is_other(&address),
                None => name.eq_ignore_ascii_case("localhost"),
            };
            (!is_own).then(|| name.clone())
        }
        #[cfg(unix)]
        Host::Unix(_) => None,
    })
}

/// The name of the database that an address leads to; none where it says none, or cannot be understood.
#[must_use]
pub fn database_name(address: &str) -> Option<String> {
    config(address)?.get_dbname().map(ToOwned::to_owned)
}

/// The address with a password; as it is where it has one, or cannot be understood.
#[must_use]
pub fn with_password(address: &str, password: &str) -> String {
    match config(address) {
        Some(config) if config.get_password().is_none() => {}
        _ => return address.to_owned(),
    }
    if !["postgres://", "postgresql://"].iter().any(|scheme| address.starts_with(scheme)) {
        let quoted = password.replace('\\', "\\\\").replace('\'', "\\'");
        return format!("{address} password='{quoted}'");
    }
    let mut with = format!("{address}{}password=", if address.contains('?') { '&' } else { '?' });
    for byte in password.bytes() {
        let _ = write!(with, "%{byte:02X}");
    }
    with
}

fn config(address: &str) -> Option<Config> {
    encryption::take(address).ok()?.0.parse().ok()
}

/// Sets the time limits that the address does not set.
fn bound(config: &mut Config) {
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_TIMEOUT);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(TCP_USER_TIMEOUT);
    }
    if config.get_keepalives_idle() == KEEPALIVE_IDLE_UNSET {
        config.keepalives_idle(KEEPALIVE_IDLE);
    }
    if config.get_keepalives_interval().is_none() {
        config.keepalives_interval(KEEPALIVE_INTERVAL);
    }
    if config.get_keepalives_retries().is_none() {
        config.keepalives_retries(KEEPALIVE_RETRIES);
    }
}

/// How long a host, or all that are asked at once, may take to let in.
fn time_limit(config: &Config) -> Duration {
    let hosts = config.get_hosts().len().max(config.get_hostaddrs().len()).max(1);
    let each = config.get_connect_timeout().copied().unwrap_or(CONNECT_TIMEOUT);
    each.saturating_mul(u32::try_from(hosts).unwrap_or(u32::MAX))
}

/// A configuration for each host; none where the address names none. Hosts that the client shall shuffle, or that do not fit their ports
/// or addresses, stay together.
fn hosts(config: &Config) -> Vec<Config> {
    let (names, addresses, ports) = (config.get_hosts(), config.get_hostaddrs(), config.get_ports());
    let count = names.len().max(addresses.len());
    let fits = |given: usize| given == 0 || given == count;
    let is_apart = config.get_load_balance_hosts() == LoadBalanceHosts::Disable
        && fits(names.len())
        && fits(addresses.len())
        && (ports.len() <= 1 || ports.len() == count);
    if count < 2 || !is_apart {
        return (count > 0).then(|| config.clone()).into_iter().collect();
    }
    let only = |index: usize| {
        let mut host = without_hosts(config);
        match names.get(index) {
            Some(Host::Tcp(name)) => drop(host.host(name)),
            #[cfg(unix)]
            Some(Host::Unix(path)) => drop(host.host_path(path)),
            None => {}
        }
        if let Some(address) = addresses.get(index) {
            host.hostaddr(*address);
        }
        if let Some(port) = ports.get(index).or(ports.first()) {
            host.port(*port);
        }
        host
    };
    (0..count).map(only).collect()
}

/// All that an address says but where.
fn without_hosts(config: &Config) -> Config {
    let mut other = Config::new();
    if let Some(user) = config.get_user() {
        other.user(user);
    }
    if let Some(password) = config.get_password() {
        other.password(password);
    }
    if let Some(name) = config.get_dbname() {
        other.dbname(name);
    }
    if let Some(options) = config.get_options() {
        other.options(options);
    }
    if let Some(name) = config.get_application_name() {
        other.application_name(name);
    }
    if let Some(timeout) = config.get_connect_timeout() {
        other.connect_timeout(*timeout);
    }
    if let Some(timeout) = config.get_tcp_user_timeout() {
        other.tcp_user_timeout(*timeout);
    }
    if let Some(interval) = config.get_keepalives_interval() {
        other.keepalives_interval(interval);
    }
    if let Some(retries) = config.get_keepalives_retries() {
        other.keepalives_retries(retries);
    }
    other
        .keepalives(config.get_keepalives())
        .keepalives_idle(config.get_keepalives_idle())
        .ssl_mode(config.get_ssl_mode())
        .ssl_negotiation(config.get_ssl_negotiation())
        .channel_binding(config.get_channel_binding())
        .target_session_attrs(config.get_target_session_attrs());
    other
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::read(text).unwrap().0
    }

    #[test]
    fn an_address_that_leads_over_a_network_says_whether_it_encrypts() {
        for (place, names) in [
            ("host=db.example.org", "db.example.org"),
            ("host=10.0.0.1 user=u", "10.0.0.1"),
            ("host=/run/postgresql,db", "db"),
            ("host=localhost,127.0.0.1,127.0.0.2.example.org", "127.0.0.2.example.org"),
            ("host=localhost hostaddr=192.0.2.7", "192.0.2.7"),
            ("host=2001:db8::1", "2001:db8::1"),
            ("host=::ffff:10.0.0.1", "::ffff:10.0.0.1"),
            ("host=one,two load_balance_hosts=random", "one"),
            ("postgresql://u@db.example.org/d", "db.example.org"),
            ("postgresql://u@localhost,db:5433/d?connect_timeout=3", "db"),
        ] {
            let refused = Address::parse(place).err();
            assert!(
                matches!(&refused, Some(OpenError::NoMode { host }) if host == names),
                "{place}: {refused:?}"
            );
            let separator = match (place.contains("://"), place.contains('?')) {
                (false, _) => " ",
                (true, false) => "?",
                (true, true) => "&",
            };
            assert!(Address::parse(&format!("{place}{separator}sslmode=disable")).is_ok(), "{place}");
            assert!(Address::parse(&format!("{place}{separator}sslmode=require")).is_ok(), "{place}");
        }
        assert!(Address::parse("postgresql://db/selene?ssl%6Dode=disable").is_ok());
    }

    #[test]
    fn an_address_on_this_machine_need_not() {
        for place in [
            "host=localhost",
            "host=LOCALHOST user=u",
            "host=127.0.0.1,127.9.9.9 port=1,2",
            "host=::1",
            "host=::ffff:127.0.0.1",
            "host=/run/postgresql dbname=selene",
            "host=db.example.org hostaddr=127.0.0.1",
            "postgresql://u:p@localhost:5433/d",
            "postgresql://u@%2Frun%2Fpostgresql/d",
        ] {
            assert!(Address::parse(place).is_ok(), "{place}");
        }
    }

    #[test]
    fn every_host_is_asked_alone_with_all_that_the_address_says() {
        let all = "user=u password=p dbname=d options='-c a=b' application_name=n keepalives_idle=7 \
                   keepalives_interval=8 keepalives_retries=9 connect_timeout=3 tcp_user_timeout=4 \
                   target_session_attrs=read-write channel_binding=disable sslmode=disable";
        let both = address(&format!("host=one,two port=1,2 {all}"));
        let alone = |host| format!("{host} {all}").parse::<Config>().unwrap();
        assert_eq!(both.hosts, [alone("host=one port=1"), alone("host=two port=2")]);
        let paths = address("host=/a,b hostaddr=127.0.0.1,127.0.0.2 port=5");
        assert_eq!(paths.hosts.len(), 2);
        assert_eq!(paths.hosts[1].get_ports(), [5]);
    }

    #[test]
    fn the_names_in_an_address_are_found_beside_what_is_said_of_encryption() {
        let named = AddressNames { role: Some("selene".to_owned()), database: Some("records".to_owned()) };
        for address in [
            "host=db user=selene password=secret dbname=records sslmode=verify-full",
            "postgres://selene:secret@db/records?sslmode=verify-full",
        ] {
            assert_eq!(AddressNames::of(address).unwrap(), named);
        }
        assert!(matches!(
            AddressNames::of("postgres://db/records?sslmode=prefer"),
            Err(OpenError::SslMode(_))
        ));
    }

    #[test]
    fn encryption_that_was_asked_for_in_escapes_is_not_overruled() {
        let refused = Address::parse("postgresql://db/selene?ssl%6Dode=require");
        assert!(matches!(refused, Err(OpenError::SslMode(_))));
    }

    #[test]
    fn a_machine_that_says_nothing_is_given_up_also_where_the_address_has_no_bounds() {
        let config = &address("host=one").hosts[0];
        assert_eq!(config.get_connect_timeout(), Some(&CONNECT_TIMEOUT));
        assert_eq!(config.get_tcp_user_timeout(), Some(&TCP_USER_TIMEOUT));
        assert_eq!(config.get_keepalives_idle(), KEEPALIVE_IDLE);
        assert_eq!(config.get_keepalives_interval(), Some(KEEPALIVE_INTERVAL));
        assert_eq!(config.get_keepalives_retries(), Some(KEEPALIVE_RETRIES));
        let shuffled = address("host=one,two load_balance_hosts=random connect_timeout=3");
        assert_eq!(shuffled.hosts.len(), 1);
        assert_eq!(time_limit(&shuffled.hosts[0]), Duration::from_secs(6));
    }

    #[test]
    fn the_host_that_let_in_is_asked_first_the_next_time() {
        let hosts = address("host=one,two,three");
        let mut asked = Vec::new();
        let mut ask = |lets_in: usize| {
            asked.clear();
            let answer = hosts.try_each(None, |config, _| {
                let host = hosts.hosts.iter().position(|host| host == config).unwrap();
                asked.push(host);
                if host == lets_in { Ok(()) } else { Err(OpenError::Standby) }
            });
            (asked.clone(), answer.is_ok())
        };
        assert_eq!(ask(1), (vec![0, 1], true));
        assert_eq!(ask(1), (vec![1], true));
        assert_eq!(ask(0), (vec![1, 2, 0], true));
        assert_eq!(ask(9), (vec![0, 1, 2], false));
    }
}

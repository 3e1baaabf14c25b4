//! Addresses of the server that the tests are given (`DATABASE_URL`), in every form that a store takes.

use selene_storage_postgres::AddressNames;

use crate::server::in_place;

#[test]
fn an_address_leads_to_another_role_and_database_in_each_of_its_forms() {
    for address in [
        "postgres://postgres@localhost/postgres",
        "postgres://postgres:secret@localhost:5433/postgres?sslmode=disable",
        "postgresql://postgres@%2Frun%2Fpostgresql",
        "postgres:///postgres?host=%2Frun%2Fpostgresql&user=postgres",
        "postgres://localhost?dbname=postgres&user=postgres&password=secret&sslmode=disable",
        "host=/run/postgresql user=postgres password=secret dbname=postgres",
    ] {
        let names = |address: &str| {
            let names = AddressNames::of(address).unwrap_or_else(|error| panic!("{address}: {error}"));
            (names.role.unwrap_or_default(), names.database.unwrap_or_default())
        };
        let other = in_place(address, Some("selene"), "records");
        assert_eq!(names(&other), ("selene".to_owned(), "records".to_owned()), "{other}");
        let config =
            |address: &str| address.replace("sslmode=disable", "").parse::<tokio_postgres::Config>().unwrap();
        let (asked, given) = (config(address), config(&other));
        assert_eq!((given.get_hosts(), given.get_ports()), (asked.get_hosts(), asked.get_ports()), "{other}");
        assert_eq!(given.get_password(), Some(&b"selene"[..]), "{other}");
        let same = in_place(address, None, "records");
        assert_eq!(names(&same), ("postgres".to_owned(), "records".to_owned()), "{same}");
        assert_eq!(config(&same).get_password(), asked.get_password(), "{same}");
    }
}

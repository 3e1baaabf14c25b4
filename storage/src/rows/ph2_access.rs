//! PH2.ACCESS on SQLite.

use rusqlite::{Connection, OptionalExtension as _, named_params};
use selene_contracts::Admitted;
use selene_contracts::ph2_access::{
    AccessInstanceRecord, Ph2accessInstanceCreateCommitRow, Ph2accessLifecycleCommitRow,
    Ph2accessReadInstanceRow, RoleTemplateId,
};
use selene_contracts::shared::{AccessInstanceId, MonotonicTimeNs, TenantId, UserId};

use crate::failure::Failure;
use crate::rows::person::person;
use crate::rows::stored::StoredRead;
use crate::rows::stored::StoredWrite;
use crate::rows::values::{named, number, stored};
use crate::rules::ph2_access::CreateFacts;
use crate::session::{Changes, Session};

impl StoredWrite for Ph2accessInstanceCreateCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<CreateFacts, Failure> {
        let connection = db.connection();
        let input = call.input();
        Ok(CreateFacts {
            person: person(connection, &input.user_id)?,
            has_instance: instance(connection, &input.tenant_id, &input.user_id)?.is_some(),
        })
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, row: &AccessInstanceRecord) -> Result<(), Failure> {
        let connection = changes.session().connection();
        insert(connection, row)
    }
}

impl StoredWrite for Ph2accessLifecycleCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<AccessInstanceRecord>, Failure> {
        let connection = db.connection();
        Ok(instance(connection, &call.input().tenant_id, &call.input().user_id)?)
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, row: &AccessInstanceRecord) -> Result<(), Failure> {
        let connection = changes.session().connection();
        connection
            .prepare_cached(
                "UPDATE access_instances SET access_lifecycle = :access_lifecycle, updated_at = :updated_at
                 WHERE access_instance_id = :access_instance_id",
            )?
            .execute(named_params! {
                ":access_instance_id": row.access_instance_id.as_str(),
                ":access_lifecycle": row.access_lifecycle.as_str(),
                ":updated_at": stored(row.updated_at.get()),
            })?;
        Ok(())
    }
}

impl StoredRead for Ph2accessReadInstanceRow {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<AccessInstanceRecord>, Failure> {
        let connection = db.connection();
        Ok(instance(connection, &call.input().tenant_id, &call.input().user_id)?)
    }
}

/// Adds an instance.
pub(crate) fn insert(connection: &Connection, row: &AccessInstanceRecord) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "INSERT INTO access_instances
                 (access_instance_id, tenant_id, user_id, role_template_id, access_lifecycle, created_at, updated_at)
             VALUES (:access_instance_id, :tenant_id, :user_id, :role_template_id, :access_lifecycle, :created_at,
                     :updated_at)",
        )?
        .execute(named_params! {
            ":access_instance_id": row.access_instance_id.as_str(),
            ":tenant_id": row.tenant_id.as_str(),
            ":user_id": row.user_id.as_str(),
            ":role_template_id": row.role_template_id.as_str(),
            ":access_lifecycle": row.access_lifecycle.as_str(),
            ":created_at": stored(row.created_at.get()),
            ":updated_at": stored(row.updated_at.get()),
        })?;
    Ok(())
}

/// The instance of a person in a tenant.
pub(crate) fn instance(
    connection: &Connection,
    tenant_id: &TenantId,
    user_id: &UserId,
) -> rusqlite::Result<Option<AccessInstanceRecord>> {
    connection
        .prepare_cached("SELECT * FROM access_instances WHERE tenant_id = ?1 AND user_id = ?2")?
        .query_row([tenant_id.as_str(), user_id.as_str()], |row| {
            Ok(AccessInstanceRecord {
                access_instance_id: AccessInstanceId::new(row.get::<_, String>("access_instance_id")?),
                tenant_id: TenantId::new(row.get::<_, String>("tenant_id")?),
                user_id: UserId::new(row.get::<_, String>("user_id")?),
                role_template_id: RoleTemplateId::new(row.get::<_, String>("role_template_id")?),
                access_lifecycle: named(row, "access_lifecycle")?,
                created_at: MonotonicTimeNs::new(number(row, "created_at")?),
                updated_at: MonotonicTimeNs::new(number(row, "updated_at")?),
            })
        })
        .optional()
}

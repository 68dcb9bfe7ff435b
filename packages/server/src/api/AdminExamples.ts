/**
 * Examples of what the admin key asks about users, keys and jobs, beside those of `Examples.ts`.
 */

const userId = "usr_4f1c0a9be2d75a3c6e8f"
const keyId = "key_9be2d75a3c6e8f4f1c0a"

export const adminExamples = {
  "admin.createUser": {
    request: { name: "Jane Smith", external_id: "crm-4711" },
    response: { user_id: userId, workspace_id: "wsp_0c1d2e3f4a5b6c7d8e9f", key_id: keyId, api_key: "pk_…" }
  },
  "admin.listUsers": {
    response: {
      users: [
        {
          user_id: userId,
          workspace_id: "wsp_0c1d2e3f4a5b6c7d8e9f",
          name: "Jane Smith",
          external_id: "crm-4711",
          created_at: "2026-04-01T12:00:00Z"
        }
      ]
    }
  },
  "admin.deleteUser": {
    response: {
      user_id: userId,
      erased: true,
      events_deleted: 120,
      schedules_cancelled: 4,
      subscription_stopped: true
    }
  },
  "admin.listKeys": {
    response: {
      keys: [{ key_id: keyId, prefix: "pk_Ab3d", created_at: "2026-04-01T12:00:00Z", revoked_at: null }]
    }
  },
  "admin.createKey": { response: { user_id: userId, key_id: keyId, api_key: "pk_…" } },
  "admin.revokeKey": { response: { user_id: userId, key_id: keyId, revoked: true } },
  "admin.runJob": { response: { job: "auto-schedule", counts: { users: 12, users_failed: 0, bots_created: 31 } } }
}

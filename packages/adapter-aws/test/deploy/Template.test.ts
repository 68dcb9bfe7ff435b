/**
 * The deployment template: sound by AWS's own specification, the table that the tests run on, rights that the adapter
 * uses and no more, and the written file what the code says.
 */
import { assert, describe, it } from "@effect/vitest"
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { template } from "../../deploy/Template.ts"
import { tableDefinition, timeToLiveAttribute } from "../../src/index.ts"
import { type Template, lint } from "./Lint.ts"

const folder = join(import.meta.dirname, "../..")
const written: Template = JSON.parse(readFileSync(join(folder, "deploy/punctual.json"), "utf8"))

describe("the template", () => {
  it("is what is written beside the code (else: node deploy/main.ts)", () => {
    assert.deepStrictEqual(written, JSON.parse(JSON.stringify(template)))
  })

  it("is sound by AWS's specification of every resource in it", () => {
    assert.deepStrictEqual(lint(written), [])
  })

  // JSON has no types: a mistake is planted where no type would allow it.
  const change = (edit: (copy: ReturnType<typeof JSON.parse>) => void): Template => {
    const copy = structuredClone(written)
    edit(copy)
    return copy
  }
  it.each([
    ["a type", change(({ Resources }) => (Resources.Fires.Type = "AWS::SQS::Queues")), "there is no"],
    ["a member", change(({ Resources }) => (Resources.Fires.Properties.Visibility = 1)), "unknown"],
    ["a kind", change(({ Resources }) => (Resources.Fires.Properties.VisibilityTimeout = "60s")), "a number"],
    ["what is required", change(({ Resources }) => delete Resources.Table.Properties.KeySchema), "required"],
    [
      "a member below a list",
      change(({ Resources }) => (Resources.Table.Properties.GlobalSecondaryIndexes[0].Name = "x")),
      "unknown"
    ],
    [
      "a reference",
      change(({ Resources }) => (Resources.QueuePolicy.Properties.Queues[0] = { Ref: "Fire" })),
      "no Fire"
    ],
    ["an attribute", change(({ Outputs }) => (Outputs.QueueArn.Value["Fn::GetAtt"][1] = "ARN")), "has no ARN"],
    ["a condition", change(({ Resources }) => (Resources.KeyPolicy.Condition = "HasKeys")), "no condition"],
    ["a parameter that nobody uses", change(({ Parameters }) => (Parameters.Spare = {})), "nobody uses it"]
  ])("would be found wrong in %s", (_, broken, fault) => {
    const faults = lint(broken)
    assert.isNotEmpty(faults)
    assert.include(faults.join("\n"), fault)
  })
})

describe("the table", () => {
  it("is the very definition that the adapter makes and is tested on", () => {
    const { Properties } = template.Resources.Table
    const { TableName: _, ...definition } = tableDefinition("any")
    assert.deepInclude(Properties, definition)
    assert.deepStrictEqual(Properties.TimeToLiveSpecification, { AttributeName: timeToLiveAttribute, Enabled: true })
  })

  it("stays when the stack goes, and can be brought back to any minute", () => {
    const { Table } = template.Resources
    assert.deepStrictEqual([Table.DeletionPolicy, Table.UpdateReplacePolicy], ["Retain", "Retain"])
    assert.isTrue(Table.Properties.DeletionProtectionEnabled)
    assert.isTrue(Table.Properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled)
  })
})

interface Statement {
  readonly Sid: string
  readonly Action: ReadonlyArray<string>
  readonly Resource: unknown
}

const statementsOf = (role: "SchedulerRole" | "ServerRole"): ReadonlyArray<Statement> =>
  template.Resources[role].Properties.Policies.flatMap(
    ({ PolicyDocument }) => PolicyDocument.Statement as ReadonlyArray<Statement>
  )

/** What a command of a client needs; the document client's have shorter names. */
const needed: Readonly<Record<string, ReadonlyArray<string>>> = {
  Get: ["dynamodb:GetItem"],
  Put: ["dynamodb:PutItem"],
  Update: ["dynamodb:UpdateItem"],
  Delete: ["dynamodb:DeleteItem"],
  Query: ["dynamodb:Query"],
  BatchGet: ["dynamodb:BatchGetItem"],
  BatchWrite: ["dynamodb:BatchWriteItem", "dynamodb:PutItem", "dynamodb:DeleteItem"],
  TransactWrite: ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"],
  // Making tables is the deployment's.
  CreateTable: [],
  UpdateTimeToLive: [],
  CreateSchedule: ["scheduler:CreateSchedule", "iam:PassRole"],
  UpdateSchedule: ["scheduler:UpdateSchedule", "iam:PassRole"],
  GetSchedule: ["scheduler:GetSchedule"],
  DeleteSchedule: ["scheduler:DeleteSchedule"],
  ListSchedules: ["scheduler:ListSchedules"],
  CreateScheduleGroup: ["scheduler:CreateScheduleGroup"],
  SendMessage: ["sqs:SendMessage"],
  ReceiveMessage: ["sqs:ReceiveMessage"],
  DeleteMessageBatch: ["sqs:DeleteMessage"],
  ChangeMessageVisibilityBatch: ["sqs:ChangeMessageVisibility"],
  PutParameter: ["ssm:PutParameter"],
  GetParameter: ["ssm:GetParameter"],
  GetParameters: ["ssm:GetParameters"],
  GetParametersByPath: ["ssm:GetParametersByPath"],
  DeleteParameters: ["ssm:DeleteParameters"]
}

describe("A8: alarms", () => {
  interface Alarm {
    readonly Properties: {
      readonly MetricName: string
      readonly Dimensions: ReadonlyArray<{ Name: string; Value: unknown }>
    }
  }
  const alarms = Object.entries(written.Resources)
    .filter(([, { Type }]) => Type === "AWS::CloudWatch::Alarm")
    .map(([, resource]) => (resource as Alarm).Properties)

  it("A8: reads and writes of the table and of each global index are watched: CloudWatch counts them apart", () => {
    const indexes = tableDefinition("any").GlobalSecondaryIndexes.map(({ IndexName }) => IndexName)
    for (const metric of ["ReadThrottleEvents", "WriteThrottleEvents"]) {
      const watched = alarms
        .filter(({ MetricName }) => MetricName === metric)
        .map(({ Dimensions }) => Dimensions.find(({ Name }) => Name === "GlobalSecondaryIndexName")?.Value ?? null)
      assert.sameMembers(watched, [null, ...indexes])
    }
  })

  it("A8: so is the throttling of Parameter Store", () => {
    const values = alarms.flatMap(({ Dimensions, MetricName }) => [MetricName, ...Dimensions.map(({ Value }) => Value)])
    assert.includeMembers(values, ["ThrottleCount", "SSM", "PutParameter"])
  })
})

describe("A11: a second deployment", () => {
  it("A11: finds no name taken: the table, which stays when its stack goes, is named by CloudFormation", () => {
    assert.notProperty(template.Resources.Table.Properties, "TableName")
    const named = JSON.stringify(written.Resources).match(/"(TableName|QueueName|RoleName|AlarmName)":/g) ?? []
    assert.deepStrictEqual(named, [])
  })

  it("A11: on EC2 a machine takes the role through a profile; a key of one's own is told as a setting", () => {
    const { ServerProfile } = template.Resources
    assert.deepStrictEqual(ServerProfile.Properties.Roles, [{ Ref: "ServerRole" }])
    assert.strictEqual(ServerProfile.Condition, "IsOnEc2")
    assert.deepInclude(template.Outputs.KmsKeyArn, { Description: "PUNCTUAL_AWS_KMS_KEY_ID", Condition: "HasKey" })
  })
})

describe("the server's role", () => {
  it("may do what the adapter does, and nothing else", () => {
    const commands = globSync("src/**/*.ts", { cwd: folder }).flatMap((path) =>
      [...readFileSync(join(folder, path), "utf8").matchAll(/new (\w+)Command\(/g)].map(([, name = ""]) => name)
    )
    assert.isNotEmpty(commands)
    const actions = commands.flatMap((name) => needed[name] ?? assert.fail(`what does ${name} need?`))
    const granted = statementsOf("ServerRole").flatMap(({ Action }) => Action)
    assert.sameMembers([...new Set(granted)], [...new Set(actions)])
  })

  it("knows no action with a star, and no resource that is one, but for lists", () => {
    for (const { Action, Resource, Sid } of [...statementsOf("ServerRole"), ...statementsOf("SchedulerRole")]) {
      for (const action of Action) assert.notInclude(action, "*")
      if (Sid !== "Audit") assert.notStrictEqual(Resource, "*", Sid)
    }
  })

  it("EventBridge's own may put messages into the two queues", () => {
    assert.deepStrictEqual(
      statementsOf("SchedulerRole").map(({ Action }) => Action),
      [["sqs:SendMessage"]]
    )
  })
})

it("outputs are the settings that the server asks for", () => {
  const settings = Object.values(template.Outputs).map(({ Description }) => Description)
  for (const name of ["TABLE", "QUEUE_URL", "QUEUE_ARN", "DEAD_LETTER_ARN", "ROLE_ARN"])
    assert.include(settings, `PUNCTUAL_AWS_${name}`)
})

/**
 * That the fake is as strict as AWS's models: what it takes for a mistake, an adapter can't get away with.
 */
import { assert, describe, it } from "@effect/vitest"
import { type Aws, handTimer, makeAws } from "../../fake/index.ts"

const fake = (options = {}): { readonly aws: Aws; readonly to: (instant: number) => void } => {
  const timer = handTimer(0)
  const aws = makeAws({ timer, options, queues: { q: "dead", dead: null }, origin: () => "http://127.0.0.1:1" })
  return { aws, to: timer.advanceTo }
}

const signedFor = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=fake/19700101/us-east-1/${service}/aws4_request, Signature=0`
})

const rest = async (aws: Aws, method: string, url: string, body: unknown = "") => {
  const [path = "", query = ""] = url.split("?")
  const reply = await aws.handle(
    {
      method,
      path,
      query: new URLSearchParams(query),
      headers: signedFor("scheduler"),
      body: body === "" ? "" : JSON.stringify(body)
    },
    new AbortController().signal
  )
  if (reply.kind !== "answer") return assert.fail(reply.kind)
  return { status: reply.status, name: reply.headers["x-amzn-errortype"]?.split(":")[0], body: JSON.parse(reply.body) }
}

const json = async (aws: Aws, service: "sqs" | "ssm", operation: string, input: unknown) => {
  const target = `${service === "sqs" ? "AmazonSQS" : "AmazonSSM"}.${operation}`
  const headers = { ...signedFor(service), "x-amz-target": target }
  const request = { method: "POST", path: "/", query: new URLSearchParams(), headers, body: JSON.stringify(input) }
  const reply = await aws.handle(request, new AbortController().signal)
  if (reply.kind !== "answer") return assert.fail(reply.kind)
  const body = JSON.parse(reply.body)
  return {
    status: reply.status,
    name: String(body.__type ?? "")
      .split("#")
      .at(-1),
    body
  }
}

const schedule = {
  ScheduleExpression: "at(1970-01-01T01:00:00)",
  ScheduleExpressionTimezone: "UTC",
  FlexibleTimeWindow: { Mode: "OFF" },
  Target: { Arn: "arn:aws:sqs:us-east-1:123456789012:q", RoleArn: "arn:aws:iam::123456789012:role/x", Input: "hello" }
}

describe("EventBridge Scheduler", () => {
  const mistakes: ReadonlyArray<readonly [string, string, string, unknown]> = [
    ["a name with a slash and a space", "POST", "/schedules/a%2Fb%20c", schedule],
    ["a name of 65 letters", "POST", `/schedules/${"n".repeat(65)}`, schedule],
    ["no target", "POST", "/schedules/a", { ...schedule, Target: undefined }],
    ["no window", "POST", "/schedules/a", { ...schedule, FlexibleTimeWindow: undefined }],
    ["a window that is no mode", "POST", "/schedules/a", { ...schedule, FlexibleTimeWindow: { Mode: "off" } }],
    ["an instant with a zone", "POST", "/schedules/a", { ...schedule, ScheduleExpression: "at(1970-01-01T01:00:00Z)" }],
    ["milliseconds", "POST", "/schedules/a", { ...schedule, ScheduleExpression: "at(1970-01-01T01:00:00.000)" }],
    [
      "an instant that has passed",
      "POST",
      "/schedules/a",
      { ...schedule, ScheduleExpression: "at(1969-01-01T01:00:00)" }
    ],
    ["a role that is none", "POST", "/schedules/a", { ...schedule, Target: { ...schedule.Target, RoleArn: "role" } }],
    [
      "an event's age below a minute",
      "POST",
      "/schedules/a",
      { ...schedule, Target: { ...schedule.Target, RetryPolicy: { MaximumEventAgeInSeconds: 59 } } }
    ],
    ["a token of odd letters", "POST", "/schedules/a", { ...schedule, ClientToken: "a.b" }],
    ["a group in the query of a create", "POST", "/schedules/a?groupName=default", schedule],
    ["a member that there is not", "POST", "/schedules/a", { ...schedule, TimeZone: "UTC" }],
    ["GroupName in the query of a get", "GET", "/schedules/a?GroupName=default", ""],
    ["groupName in the query of a list", "GET", "/schedules?groupName=default", ""],
    ["101 at once", "GET", "/schedules?MaxResults=101", ""]
  ]
  it.each(mistakes)("refuses %s", async (_, method, url, body) => {
    const { aws } = fake()
    const { name, status } = await rest(aws, method, url, body)
    assert.deepStrictEqual([status, name], [400, "ValidationException"])
  })

  it("an update that leaves a field out resets it", async () => {
    const { aws } = fake()
    await rest(aws, "POST", "/schedules/a", {
      ...schedule,
      State: "DISABLED",
      ActionAfterCompletion: "DELETE",
      Description: "d",
      Target: {
        ...schedule.Target,
        RetryPolicy: { MaximumRetryAttempts: 1 },
        DeadLetterConfig: { Arn: "arn:aws:sqs:us-east-1:123456789012:dead" }
      }
    })
    await rest(aws, "PUT", "/schedules/a", schedule)
    const { body } = await rest(aws, "GET", "/schedules/a?groupName=default")
    assert.deepInclude(body, { State: "ENABLED", ActionAfterCompletion: "NONE" })
    assert.isUndefined(body.Description)
    assert.isUndefined(body.Target.DeadLetterConfig)
    assert.deepStrictEqual(body.Target.RetryPolicy, { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 })
  })

  it("a token repeats its own create; another's is a conflict", async () => {
    const { aws } = fake()
    const one = await rest(aws, "POST", "/schedules/a", { ...schedule, ClientToken: "t" })
    const again = await rest(aws, "POST", "/schedules/a", { ...schedule, ClientToken: "t" })
    assert.deepStrictEqual([one.status, again.status, again.body], [200, 200, one.body])
    const other = await rest(aws, "POST", "/schedules/a", { ...schedule, ClientToken: "u" })
    assert.deepStrictEqual([other.status, other.name], [409, "ConflictException"])
  })

  it("fires within its minute, removes what is to be removed, and keeps what is not", async () => {
    const { aws, to } = fake({ latenessMillis: () => 59_999 })
    await rest(aws, "POST", "/schedules/once", { ...schedule, ActionAfterCompletion: "DELETE" })
    await rest(aws, "POST", "/schedules/stays", schedule)
    to(3_600_000 + 59_998)
    assert.lengthOf(aws.queues.bodies("q"), 0)
    to(3_600_000 + 59_999)
    assert.deepStrictEqual(aws.queues.bodies("q"), ["hello", "hello"])
    assert.deepStrictEqual(
      aws.schedules().map(({ Name }) => Name),
      ["stays"]
    )
  })

  it("a group lives: missing, made, deleting with its schedules, gone, made again; more than ten a second are throttled", async () => {
    const { aws, to } = fake()
    const inGroup = { ...schedule, GroupName: "g" }
    assert.strictEqual((await rest(aws, "POST", "/schedules/a", inGroup)).name, "ResourceNotFoundException")
    await rest(aws, "POST", "/schedule-groups/g", { ClientToken: "t" })
    assert.strictEqual((await rest(aws, "POST", "/schedules/a", inGroup)).status, 200)
    await rest(aws, "DELETE", "/schedule-groups/g?clientToken=t")
    assert.strictEqual((await rest(aws, "GET", "/schedule-groups/g")).body.State, "DELETING")
    assert.strictEqual((await rest(aws, "POST", "/schedules/b", inGroup)).name, "ResourceNotFoundException")
    to(5_000)
    assert.lengthOf(aws.schedules(), 0)
    const statuses: Array<number> = []
    for (let n = 0; n < 11; n++) statuses.push((await rest(aws, "POST", `/schedule-groups/g${n}`)).status)
    assert.deepStrictEqual(statuses.slice(9), [200, 429])
  })

  it("a queue that is gone sends the fire to the dead letters", async () => {
    const { aws, to } = fake()
    const Target = {
      ...schedule.Target,
      Arn: "arn:aws:sqs:us-east-1:123456789012:gone",
      DeadLetterConfig: { Arn: "arn:aws:sqs:us-east-1:123456789012:dead" }
    }
    await rest(aws, "POST", "/schedules/a", { ...schedule, Target })
    to(3_600_000)
    assert.deepStrictEqual(aws.queues.bodies("dead"), ["hello"])
  })

  it("who is not signed in for the service is not known", async () => {
    const { aws } = fake()
    const request = {
      method: "GET",
      path: "/schedules",
      query: new URLSearchParams(),
      headers: signedFor("sqs"),
      body: ""
    }
    const reply = await aws.handle(request, new AbortController().signal)
    assert.strictEqual(reply.kind === "answer" ? reply.status : 0, 404)
  })
})

describe("SQS", () => {
  const QueueUrl = "http://127.0.0.1:1/123456789012/q"

  it("hides what is received, shows it again, and takes no old receipt", async () => {
    const { aws, to } = fake()
    await json(aws, "sqs", "SendMessage", { QueueUrl, MessageBody: "m", DelaySeconds: 2 })
    const receive = () => json(aws, "sqs", "ReceiveMessage", { QueueUrl, VisibilityTimeout: 10 })
    assert.deepStrictEqual((await receive()).body, {})
    to(2_000)
    const [first] = (await receive()).body.Messages
    assert.deepStrictEqual((await receive()).body, {})
    to(12_000)
    const [second] = (await receive()).body.Messages
    assert.strictEqual(second.Attributes.ApproximateReceiveCount, "2")
    await json(aws, "sqs", "DeleteMessageBatch", {
      QueueUrl,
      Entries: [{ Id: "0", ReceiptHandle: first.ReceiptHandle }]
    })
    assert.lengthOf(aws.queues.bodies("q"), 1)
    await json(aws, "sqs", "DeleteMessageBatch", {
      QueueUrl,
      Entries: [{ Id: "0", ReceiptHandle: second.ReceiptHandle }]
    })
    assert.lengthOf(aws.queues.bodies("q"), 0)
  })

  it.each([
    ["eleven at once", "ReceiveMessage", { QueueUrl, MaxNumberOfMessages: 11 }],
    ["a poll of more than 20 seconds", "ReceiveMessage", { QueueUrl, WaitTimeSeconds: 21 }],
    ["a delay of more than 15 minutes", "SendMessage", { QueueUrl, MessageBody: "m", DelaySeconds: 901 }],
    ["a queue that there is not", "SendMessage", { QueueUrl: "http://x/1/none", MessageBody: "m" }]
  ])("refuses %s", async (_, operation, input) => {
    const { status } = await json(fake().aws, "sqs", operation, input)
    assert.strictEqual(status, 400)
  })
})

describe("Parameter Store", () => {
  const put = { Name: "/p/a", Value: "v", Type: "SecureString" }

  it.each([
    ["a name with no slash before it", { ...put, Name: "p" }],
    ["a name that begins with aws", { ...put, Name: "/aws/x" }],
    ["a name with a space", { ...put, Name: "/p/a b" }],
    ["a value that refers to another", { ...put, Value: "{{ssm:/x}}" }],
    ["4,097 bytes in the Standard tier", { ...put, Value: "v".repeat(4_097) }],
    ["8,193 bytes in any", { ...put, Value: "v".repeat(8_193), Tier: "Intelligent-Tiering" }],
    ["no type for what is new", { ...put, Type: undefined }]
  ])("refuses %s", async (_, input) => {
    const { name, status } = await json(fake().aws, "ssm", "PutParameter", input)
    assert.deepStrictEqual([status, name], [400, "ValidationException"])
  })

  it("a name that was deleted rests for 30 seconds; a type never changes; versions count on", async () => {
    const { aws, to } = fake({ putParameterPerSecond: Infinity })
    assert.strictEqual((await json(aws, "ssm", "PutParameter", put)).body.Version, 1)
    assert.strictEqual((await json(aws, "ssm", "PutParameter", put)).name, "ParameterAlreadyExists")
    assert.strictEqual((await json(aws, "ssm", "PutParameter", { ...put, Overwrite: true })).body.Version, 2)
    const typed = { ...put, Overwrite: true, Type: "String" }
    assert.strictEqual((await json(aws, "ssm", "PutParameter", typed)).name, "HierarchyTypeMismatch")
    await json(aws, "ssm", "DeleteParameter", { Name: put.Name })
    assert.strictEqual((await json(aws, "ssm", "DeleteParameter", { Name: put.Name })).name, "ParameterNotFound")
    to(29_999)
    assert.strictEqual((await json(aws, "ssm", "PutParameter", put)).status, 400)
    to(30_000)
    assert.strictEqual((await json(aws, "ssm", "PutParameter", put)).status, 200)
  })

  it("three writes a second, forty reads a second, eleven names never", async () => {
    const { aws, to } = fake()
    const statuses: Array<number> = []
    for (let n = 0; n < 4; n++)
      statuses.push((await json(aws, "ssm", "PutParameter", { ...put, Name: `/p/${n}` })).status)
    assert.deepStrictEqual(statuses, [200, 200, 200, 400])
    for (let n = 0; n < 40; n++) await json(aws, "ssm", "GetParameters", { Names: ["/p/0"] })
    assert.strictEqual((await json(aws, "ssm", "GetParameters", { Names: ["/p/0"] })).name, "ThrottlingException")
    to(1_000)
    const Names = Array.from({ length: 11 }, (_, n) => `/p/${n}`)
    assert.strictEqual((await json(aws, "ssm", "GetParameters", { Names })).name, "ValidationException")
    const found = await json(aws, "ssm", "GetParameters", { Names: ["/p/0", "/p/none"], WithDecryption: false })
    assert.deepStrictEqual(found.body.InvalidParameters, ["/p/none"])
    assert.notStrictEqual(found.body.Parameters[0].Value, "v")
  })
})

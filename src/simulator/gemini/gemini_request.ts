import { z } from "zod";
import { childNodes, type SchemaNode } from "../language_models/answer_schema.ts";
import type { ModelQuestion, Thinking } from "../language_models/question.ts";
import { type GeminiError, invalidPayload } from "./gemini_errors.ts";

/** The service accepts both spellings of every field, as all proto3 JSON does. */
function camelKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      field,
    ]),
  );
}

const contentSchema = z.strictObject({
  role: z.enum(["user", "model"]).optional(),
  parts: z.array(z.looseObject({ text: z.string().optional() })),
});

const schemaNodeSchema = z.record(z.string(), z.unknown());

const thinkingSchema = z.preprocess(
  camelKeys,
  z.strictObject({
    thinkingLevel: z.string().optional(),
    thinkingBudget: z.number().int().optional(),
    includeThoughts: z.boolean().optional(),
  }),
);

const generationSchema = z.preprocess(
  camelKeys,
  z.strictObject({
    responseMimeType: z.string().optional(),
    responseSchema: schemaNodeSchema.optional(),
    responseJsonSchema: schemaNodeSchema.optional(),
    maxOutputTokens: z.number().int().positive().optional(),
    thinkingConfig: thinkingSchema.optional(),
    temperature: z.number().optional(),
    topP: z.number().optional(),
    topK: z.number().optional(),
    candidateCount: z.literal(1).optional(),
    seed: z.number().int().optional(),
    stopSequences: z.array(z.string()).optional(),
    presencePenalty: z.number().optional(),
    frequencyPenalty: z.number().optional(),
    responseModalities: z.array(z.string()).optional(),
    mediaResolution: z.string().optional(),
  }),
);

const requestSchema = z.preprocess(
  camelKeys,
  z.strictObject({
    contents: z.array(contentSchema).min(1),
    systemInstruction: z.looseObject({
      parts: z.array(z.looseObject({ text: z.string().optional() })),
    }).optional(),
    generationConfig: generationSchema.optional(),
    safetySettings: z.array(z.unknown()).optional(),
    tools: z.array(z.unknown()).optional(),
    toolConfig: z.unknown().optional(),
    cachedContent: z.string().optional(),
    labels: z.unknown().optional(),
    serviceTier: z.string().optional(),
    model: z.string().optional(),
    store: z.boolean().optional(),
  }),
);

type GenerationConfig = z.infer<typeof generationSchema>;

const OPENAPI_FIELDS = new Set(
  ("type format title description nullable enum items properties required minItems maxItems " +
    "minProperties maxProperties minLength maxLength pattern minimum maximum example default anyOf " +
    "propertyOrdering").split(" "),
);

const JSON_SCHEMA_FIELDS = new Set(
  ("$id $defs $ref $anchor $schema type format title description enum items prefixItems minItems " +
    "maxItems minimum maximum anyOf oneOf properties additionalProperties required propertyOrdering")
    .split(" "),
);

function unknownName(name: string, path: string, why = "Cannot find field."): GeminiError {
  return invalidPayload(
    `Invalid JSON payload received. Unknown name "${name}" at '${path}': ${why}`,
    path,
  );
}

/** The first objection to a schema of the OpenAPI subset, or null. */
function objectToOpenApi(node: SchemaNode, path: string): GeminiError | null {
  for (const name of Object.keys(node)) {
    if (!OPENAPI_FIELDS.has(name)) return unknownName(name, path);
  }
  if (Array.isArray(node["type"])) {
    return unknownName("type", path, "Proto field is not repeating, cannot start list.");
  }
  for (const [step, child] of childNodes(node)) {
    const parsed = schemaNodeSchema.safeParse(child);
    if (!parsed.success) return invalidPayload(`Invalid value at '${path}.${step}'`, path);
    const objection = objectToOpenApi(parsed.data, `${path}.${step}`);
    if (objection) return objection;
  }
  return null;
}

/** The first objection to a JSON Schema, or null. */
function objectToJsonSchema(node: SchemaNode): GeminiError | null {
  for (const name of Object.keys(node)) {
    if (!JSON_SCHEMA_FIELDS.has(name)) {
      return invalidPayload(
        `Unsupported JSON Schema keyword "${name}" in generation_config.response_json_schema`,
      );
    }
  }
  if (node["$ref"] !== undefined && Object.keys(node).some((name) => !name.startsWith("$"))) {
    return invalidPayload("A schema with $ref may hold no other fields than those starting with $");
  }
  for (const [, child] of childNodes(node)) {
    const parsed = schemaNodeSchema.safeParse(child);
    const objection = parsed.success ? objectToJsonSchema(parsed.data) : null;
    if (objection) return objection;
  }
  return null;
}

function objectToConfig(config: GenerationConfig, model: string): GeminiError | null {
  const { responseSchema, responseJsonSchema, responseMimeType, thinkingConfig } = config;
  if (responseSchema && responseJsonSchema) {
    return invalidPayload(
      "Only one of response_schema and response_json_schema can be set in generation_config",
    );
  }
  if ((responseSchema ?? responseJsonSchema) && responseMimeType !== "application/json") {
    return invalidPayload(
      "Response schema is only supported with response mime type: 'application/json'",
    );
  }
  const level = thinkingConfig?.thinkingLevel?.toUpperCase();
  if (level === "MINIMAL" && /^gemini-3\.[78]-flash$/.test(model)) {
    return invalidPayload("Thinking level MINIMAL is not supported for this model.");
  }
  if (level !== undefined && model.startsWith("gemini-2.5")) {
    return invalidPayload("Thinking level is not supported for this model.");
  }
  if (responseSchema) {
    return objectToOpenApi(responseSchema, "generation_config.response_schema");
  }
  return responseJsonSchema ? objectToJsonSchema(responseJsonSchema) : null;
}

function payloadError(error: z.ZodError): GeminiError {
  const issue = error.issues[0];
  const path = (issue?.path ?? []).map((step) =>
    String(step).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  ).join(".");
  if (issue?.code === "unrecognized_keys") {
    const name = issue.keys[0] ?? "";
    return path === ""
      ? invalidPayload(`Invalid JSON payload received. Unknown name "${name}": Cannot find field.`)
      : unknownName(name, path);
  }
  return invalidPayload(`Invalid value at '${path}': ${issue?.message ?? "unreadable"}`, path);
}

function textOf(content: { parts: readonly { text?: string | undefined }[] } | undefined): string {
  return (content?.parts ?? []).map((part) => part.text ?? "").join("\n");
}

/** How much a request makes the model think; without a word the models think as they please. */
function thinkingOf({ thinkingConfig }: GenerationConfig): Thinking {
  if (thinkingConfig?.thinkingBudget === 0) return "none";
  const level = thinkingConfig?.thinkingLevel?.toUpperCase();
  return level === "LOW" || level === "MINIMAL" ? "little" : "usual";
}

/** Reads a generateContent body, or says as the service would why it refuses it. */
export function readGeminiRequest(
  body: unknown,
  model: string,
): { request: ModelQuestion } | { error: GeminiError } {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) return { error: payloadError(parsed.error) };
  const { contents, systemInstruction, generationConfig = {} } = parsed.data;
  const objection = objectToConfig(generationConfig, model);
  if (objection) return { error: objection };
  const user = contents.filter((content) => content.role !== "model").map(textOf).join("\n");
  return {
    request: {
      system: textOf(systemInstruction),
      user,
      schema: generationConfig.responseJsonSchema ?? generationConfig.responseSchema ?? null,
      isJson: generationConfig.responseMimeType === "application/json",
      maxOutputTokens: generationConfig.maxOutputTokens ?? 65_536,
      thinking: thinkingOf(generationConfig),
    },
  };
}

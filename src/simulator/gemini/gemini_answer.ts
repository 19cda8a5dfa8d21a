import { promptTokens } from "../language_models/count_tokens.ts";
import type { ModelQuestion } from "../language_models/question.ts";
import type { ToldAnswer } from "../language_models/tell_answer.ts";
import { stableHash } from "../faults/random.ts";

const FINISH_REASONS: Readonly<Record<ToldAnswer["finish"], string>> = {
  stop: "STOP",
  length: "MAX_TOKENS",
  safety: "SAFETY",
  recitation: "RECITATION",
};

/** The generateContent response around what a model said; thinking is counted beside the text. */
export function generateContentAnswer(
  told: ToldAnswer,
  { question, model }: { question: ModelQuestion; model: string },
): Response {
  const { prompt, answer, thinking } = told.tokens;
  const hasParts = told.text !== "";
  const responseHash = stableHash(question.system + question.user).toString(36);
  const parts = [{ text: told.text, thoughtSignature: btoa(`thought-${responseHash}`) }];
  return Response.json({
    candidates: [{
      content: hasParts ? { parts, role: "model" } : { role: "model" },
      finishReason: FINISH_REASONS[told.finish],
      index: 0,
    }],
    usageMetadata: {
      promptTokenCount: prompt,
      ...(hasParts ? { candidatesTokenCount: answer } : {}),
      totalTokenCount: prompt + answer + thinking,
      promptTokensDetails: [{ modality: "TEXT", tokenCount: prompt }],
      ...(thinking > 0 ? { thoughtsTokenCount: thinking } : {}),
    },
    modelVersion: model,
    responseId: `r-${responseHash}`,
  });
}

/** The response to a prompt that a filter stopped: no candidates at all. */
export function blockedPromptAnswer(question: ModelQuestion, model: string): Response {
  const promptTokenCount = promptTokens(question.system + question.user);
  return Response.json({
    promptFeedback: { blockReason: "PROHIBITED_CONTENT" },
    usageMetadata: { promptTokenCount, totalTokenCount: promptTokenCount },
    modelVersion: model,
  });
}

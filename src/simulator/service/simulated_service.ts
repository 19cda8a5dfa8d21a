import type { Clock } from "../../clock.ts";
import type { Provider } from "../../domain/providers/provider_records.ts";
import type { Catalogue } from "../books/catalogue.ts";
import type { Holding } from "../books/coverage.ts";
import type { FaultKind } from "../faults/faults.ts";
import type { LatencyRange } from "../faults/latency.ts";
import type { ModelKnowledge } from "../language_models/model_knowledge.ts";
import type { Service } from "./service.ts";
import type { ServiceName } from "./service_names.ts";

/** The data as a service has it. */
export interface HeldData {
  /** Its own part, or everything; made when it is first asked for. */
  readonly catalogue: () => Catalogue;
  readonly whole: Catalogue;
  /** Whether its part has the flaws of the real service. */
  readonly isRealistic: boolean;
}

/** What one simulator lends to a service. */
export interface ServiceParts<Plan> {
  readonly clock: Clock;
  /** The key that callers have to send where the service wants one. */
  readonly key: string;
  /** Refuses what goes beyond the service's rates and quotas. */
  readonly enforceRates: boolean;
  /** What language models know. */
  readonly knowledge: ModelKnowledge;
  /** How this simulator's service differs from the usual. */
  readonly plan: Plan | undefined;
}

/** The settings of a provider that hold an address. */
type AddressSetting<Name extends ServiceName> =
  & keyof Extract<Provider, { readonly name: Name }>["settings"]
  & `${string}_URL`;

/** One outside service: all that the simulator knows of it. */
export interface SimulatedService<Name extends ServiceName, Plan> {
  readonly name: Name;
  /** What it is for people. */
  readonly title: string;
  /** All that can be scripted to go wrong with it. */
  readonly faults: readonly FaultKind[];
  /** Whether its 429 names a waiting time. */
  readonly sendsRetryAfter: boolean;
  /** How long the real one takes to answer, scaled down so that a demonstration stays short. */
  readonly latency: LatencyRange;
  /** Which part of the catalogue it has; null where it answers from what models know. */
  readonly holding: Holding | null;
  /** The settings that put it in the place of the real one, unhurried; each address among them. */
  settings(at: { readonly url: string; readonly key: string }):
    & Readonly<Record<AddressSetting<Name>, string>>
    & Readonly<Record<string, string>>;
  /** Takes its part of the data, which is kept for all simulators of the process. */
  hold(data: HeldData): (parts: ServiceParts<Plan>) => Service;
}

import type { Diagnosis } from '../core/doctor/diagnosis';

/** What the view of a bottleneck shows, as the language server gives it. */
export interface DoctorDto {
  readonly title: string;
  /** When it was recorded, as a person reads it. */
  readonly when: string;
  /** The path of the profile that belongs to it; undefined where it is gone. */
  readonly profile: string | undefined;
  readonly diagnosis: Diagnosis;
  readonly place: DoctorPlaceDto | undefined;
  /** A known slow pattern there. */
  readonly pattern: { readonly title: string; readonly summary: string; readonly advice: string } | undefined;
  /** The blamed function's row in the profile. */
  readonly func: number | undefined;
  readonly notes: readonly string[];
  readonly processes: readonly { readonly pid: number; readonly command: string; readonly cpu: string }[];
}

export interface DoctorPlaceDto {
  readonly file: string;
  /** From the workspace folder where it is inside of it. */
  readonly shown: string;
  /** 1-based. */
  readonly line: number;
  readonly name: string;
}

export type ToDoctorView =
  /** `canHunt`: whether memory leaks can be hunted in this VS Code. */
  { readonly kind: 'report'; readonly report: DoctorDto; readonly canHunt: boolean } | { readonly kind: 'failed'; readonly message: string };

export type FromDoctorView =
  | { readonly kind: 'ready' }
  | { readonly kind: 'flame' }
  | { readonly kind: 'line' }
  | { readonly kind: 'hunt' }
  | { readonly kind: 'again' }
  | { readonly kind: 'retry' };

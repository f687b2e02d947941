/** What a piece of text means; the caller maps it to colours. State is never told by colour alone. */
export type Tone = 'critical' | 'high' | 'medium' | 'low' | 'good' | 'warn' | 'bad' | 'dim' | 'strong' | 'plain';

/** Colours text that is already padded and cut; must not change its visible width. */
export type Paint = (text: string, tone: Tone) => string;

/** No colour: for pipes, files and `NO_COLOR`. */
export const unpainted: Paint = (text) => text;

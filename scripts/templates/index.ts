/** All templates, in the order of their numbers. */
import { askForRating } from './askForRating';
import { backfill } from './backfill';
import { customerCard } from './customerCard';
import { draw, type TemplateFile, type TemplateSketch } from './canvas';
import { checkSetup } from './checkSetup';
import { draftAnswer } from './draftAnswer';
import { escalated } from './escalated';
import { followUp } from './followUp';
import { inbound } from './inbound';
import { inboundDrawn } from './inboundDrawn';
import { metrics } from './metrics';
import { outbound } from './outbound';
import { replies } from './replies';
import { setUp } from './setUp';
import { startConversation } from './startConversation';

export const templates: TemplateSketch[] = [
	checkSetup,
	inbound,
	inboundDrawn,
	replies,
	metrics,
	outbound,
	setUp,
	backfill,
	followUp,
	askForRating,
	startConversation,
	customerCard,
	draftAnswer,
	escalated,
];

/** By the name of the file in `templates/`. */
export const templateFiles = (): Map<string, TemplateFile> =>
	new Map(templates.map((sketch) => [sketch.file, draw(sketch)]));

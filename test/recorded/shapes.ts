/** All shapes that the product reads. */
import { deliveryShapes } from './deliveryShapes';
import { klaviyoShapes } from './klaviyoShapes';
import { refusalShapes } from './refusalShapes';
import type { Shape } from './shape';
import { zendeskAccountShapes } from './zendeskAccountShapes';
import { zendeskShapes } from './zendeskShapes';

export const shapes: readonly Shape[] = [
	...klaviyoShapes,
	...zendeskShapes,
	...zendeskAccountShapes,
	...deliveryShapes,
	...refusalShapes,
];

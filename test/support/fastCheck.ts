/** Before each test file: every property starts from the seed, whether or not the file asks for it. */
import fc from 'fast-check';
import { seed } from './seed';

fc.configureGlobal({ seed });

import { applyTheme, rememberedTheme } from './state/theme';

applyTheme(rememberedTheme());

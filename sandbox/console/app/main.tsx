import { render } from 'preact';
import { App } from './App';
import './styles/tokens.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/parts.css';
import './styles/phone.css';
import './styles/desk.css';
import './styles/side.css';
import './styles/log.css';

const root = document.getElementById('console');
if (root !== null) render(<App />, root);

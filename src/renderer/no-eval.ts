import { z } from 'zod';

// zod would compile its schemas with `new Function`, which this page's content security policy forbids, and loudly.
z.config({ jitless: true });

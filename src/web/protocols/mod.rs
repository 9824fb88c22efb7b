//! Other people's contracts, at addresses of their own: [`vc_api`], the W3C's.
//!
//! What a contract wants decides here what is asked and answered, and with which status; what is done
//! is a verb of the services, as everywhere. They are off until somebody asks for them, and not in
//! `/api/openapi.json`: whoever wrote a contract documents it, and what partners build on does not
//! change with a switch. One more contract is one more file and its line in the router.

pub(super) mod vc_api;

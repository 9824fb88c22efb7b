//! A batch waits, goes on, or ends before its end.

use axum::Json;
use axum::extract::Path;

use super::told::Told;
use crate::services::access::Scope;
use crate::web::api::problems;
use crate::web::auth::Caller;
use crate::web::language;
use crate::web::problem::Problem;

macro_rules! steers {
    ($($name:ident $verb:literal $call:ident $title:literal $about:literal;)*) => {$(
        #[doc = $title]
        #[doc = ""]
        #[doc = $about]
        #[utoipa::path(
            post, path = concat!("/api/v1/batches/{id}/", $verb), tag = "batches",
            security(("token" = [])),
            params(("id" = String, Path, description = "The batch's identifier")),
            responses(
                (status = 200, description = "It is done", body = Told),
                (status = 403, response = problems::Forbidden),
                (status = 404, response = problems::NotFound),
                (status = 409, response = problems::Conflict),
            )
        )]
        pub(in crate::web) async fn $name(
            caller: Caller,
            language::Asked(language): language::Asked,
            Path(id): Path<String>,
        ) -> Result<Json<Told>, Problem> {
            let steered = caller.may(Scope::BatchesWrite)?.$call(&id).await;
            Ok(Json(Told::of(steered?, language)))
        }
    )*};
}

steers! {
    pause "pause" pause_batch "Have a batch wait"
        "What is being signed at this moment is still issued.";
    resume "resume" resume_batch "Have a batch go on"
        "From where it was.";
    cancel "cancel" cancel_batch "End a batch before its end"
        "What was issued stays; the same file, sent again, issues the rest.";
}

//! Every path that a file names outside its tests: in `use`, inline, in macros and in attributes.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItem, Item, Meta, UseTree};

/// A path as it stands after `crate`, `self` and `super` are followed.
#[derive(Debug)]
pub(super) struct Named {
    /// Whether it starts at the root of this crate, or else at another crate.
    pub(super) ours: bool,
    /// Its segments; for ours, from the first module on.
    pub(super) path: Vec<String>,
    pub(super) line: usize,
}

/// What a file names.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) named: Vec<Named>,
    /// Modules that are declared here for tests only and stand in files of their own.
    pub(super) test_modules: Vec<Vec<String>>,
    module: Vec<String>,
}

/// What the text of `module` names.
pub(super) fn names(module: &[String], text: &str) -> syn::Result<Names> {
    let mut names = Names {
        module: module.to_vec(),
        ..Names::default()
    };
    names.visit_file(&syn::parse_file(text)?);
    Ok(names)
}

impl Names {
    fn push(&mut self, mut path: Vec<String>, line: usize) {
        let mut ours = true;
        match path.first().map(String::as_str) {
            Some("crate" | "badgeons") => drop(path.remove(0)),
            Some("self" | "super") => {
                let mut module = self.module.clone();
                while let Some("self" | "super") = path.first().map(String::as_str) {
                    if path.remove(0) == "super" {
                        module.pop();
                    }
                }
                path = [module, path].concat();
            }
            _ => ours = false,
        }
        self.named.push(Named { ours, path, line });
    }

    fn push_tree(&mut self, prefix: &[String], tree: &UseTree) {
        let with = |ident: &syn::Ident| [prefix, &[ident.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.push_tree(&with(&path.ident), &path.tree),
            UseTree::Name(name) if name.ident == "self" && !prefix.is_empty() => {
                self.push(prefix.to_vec(), name.ident.span().start().line);
            }
            UseTree::Name(name) => self.push(with(&name.ident), name.ident.span().start().line),
            UseTree::Rename(name) => self.push(with(&name.ident), name.ident.span().start().line),
            UseTree::Glob(glob) => {
                let line = glob.star_token.spans[0].start().line;
                self.push([prefix, &["*".to_owned()]].concat(), line);
            }
            UseTree::Group(group) => group
                .items
                .iter()
                .for_each(|tree| self.push_tree(prefix, tree)),
        }
    }

    /// Paths in tokens that syn leaves alone: what is handed to macros and attributes. `prefix` is what
    /// stands before the braces of a grouped `use`.
    fn push_tokens(&mut self, prefix: &[String], tokens: TokenStream, in_attribute: bool) {
        let (mut path, mut line, mut colons) = (prefix.to_vec(), 0, 2);
        for token in tokens {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.push_if_path(std::mem::take(&mut path), line);
                    }
                    line = ident.span().start().line;
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Group(group) => {
                    let path = std::mem::take(&mut path);
                    if colons == 2 && group.delimiter() == Delimiter::Brace {
                        self.push_tokens(&path, group.stream(), in_attribute);
                    } else {
                        self.push_if_path(path, line);
                        self.push_tokens(&[], group.stream(), in_attribute);
                    }
                    colons = 0;
                }
                TokenTree::Literal(literal) if in_attribute => {
                    if let Ok(tokens) = literal.to_string().trim_matches('"').parse() {
                        self.push_tokens(&[], tokens, false);
                    }
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {
                    self.push_if_path(std::mem::replace(&mut path, prefix.to_vec()), line);
                    colons = 2;
                }
            }
        }
        self.push_if_path(path, line);
    }

    /// A name by itself is a variable as likely as a crate; only paths tell.
    fn push_if_path(&mut self, path: Vec<String>, line: usize) {
        if path.len() > 1 {
            self.push(path, line);
        }
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item(&mut self, item: &'ast Item) {
        if !attributes(item).iter().any(is_test_only) {
            return visit::visit_item(self, item);
        }
        if let Item::Mod(module) = item {
            let path = [self.module.as_slice(), &[module.ident.to_string()]].concat();
            self.test_modules.push(path);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let attributes = match item {
            ImplItem::Fn(item) => &item.attrs,
            ImplItem::Const(item) => &item.attrs,
            ImplItem::Type(item) => &item.attrs,
            _ => return visit::visit_impl_item(self, item),
        };
        if !attributes.iter().any(is_test_only) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        self.module.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.push_tree(&[], &item.tree);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        self.push(vec![item.ident.to_string()], item.ident.span().start().line);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let line = path
            .segments
            .first()
            .map_or(0, |first| first.ident.span().start().line);
        let segments = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        self.push_if_path(segments, line);
        visit::visit_path(self, path);
    }

    /// `pub(crate)` names nothing.
    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.visit_path(&item.path);
        self.push_tokens(&[], item.tokens.clone(), false);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        self.visit_path(attribute.path());
        if let Meta::List(list) = &attribute.meta {
            self.push_tokens(&[], list.tokens.clone(), true);
        }
    }
}

/// Whether this is `#[cfg(test)]`, or demands it among other things.
fn is_test_only(attribute: &Attribute) -> bool {
    fn demands_test(meta: &Meta) -> bool {
        match meta {
            Meta::Path(path) => path.is_ident("test"),
            Meta::List(list) if list.path.is_ident("all") => {
                let parts = syn::punctuated::Punctuated::<Meta, syn::Token![,]>::parse_terminated;
                list.parse_args_with(parts)
                    .is_ok_and(|parts| parts.iter().any(demands_test))
            }
            _ => false,
        }
    }
    attribute.path().is_ident("cfg")
        && attribute
            .parse_args::<Meta>()
            .is_ok_and(|meta| demands_test(&meta))
}

fn attributes(item: &Item) -> &[Attribute] {
    macro_rules! of {
        ($($kind:ident)*) => {
            match item {
                $(Item::$kind(item) => &item.attrs,)*
                _ => &[],
            }
        };
    }
    of!(Const Enum ExternCrate Fn ForeignMod Impl Macro Mod Static Struct Trait TraitAlias Type Union Use)
}

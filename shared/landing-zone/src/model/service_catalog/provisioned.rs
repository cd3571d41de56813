//! Provisioned products in the order in which they were asked for, found by id and by name
//! without a look at all of them: there may be ten thousand.

use std::collections::HashMap;

use super::ProvisionedProduct;

/// Provisioned products, of which no two have one id. Neither id nor name of one changes.
#[derive(Debug, Default)]
pub(super) struct ProvisionedProducts {
    all: Vec<ProvisionedProduct>,
    by_id: HashMap<String, usize>,
    /// Of several with one name, the first.
    by_name: HashMap<String, usize>,
}

impl ProvisionedProducts {
    /// All of them, in order.
    pub(super) fn all(&self) -> &[ProvisionedProduct] {
        &self.all
    }

    /// The one of that id.
    pub(super) fn get(&self, id: &str) -> Option<&ProvisionedProduct> {
        self.by_id.get(id).and_then(|place| self.all.get(*place))
    }

    /// The one of that id, to be changed.
    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut ProvisionedProduct> {
        self.by_id.get(id).and_then(|place| self.all.get_mut(*place))
    }

    /// The first of that name.
    pub(super) fn named(&self, name: &str) -> Option<&ProvisionedProduct> {
        self.by_name.get(name).and_then(|place| self.all.get(*place))
    }

    /// Puts one in place of the one with its id, or after all others.
    pub(super) fn put(&mut self, product: ProvisionedProduct) {
        match self.get_mut(&product.id) {
            Some(known) => *known = product,
            None => self.add(product),
        }
    }

    fn add(&mut self, product: ProvisionedProduct) {
        let place = self.all.len();
        self.by_id.insert(product.id.clone(), place);
        self.by_name.entry(product.name.clone()).or_insert(place);
        self.all.push(product);
    }

    /// Takes the one of that id out; the others keep their order.
    pub(super) fn remove(&mut self, id: &str) {
        if !self.by_id.contains_key(id) {
            return;
        }
        let all = std::mem::take(self).all;
        all.into_iter().filter(|product| product.id != id).for_each(|product| self.add(product));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{launched, zone};
    use super::*;

    fn product(id: &str, name: &str) -> ProvisionedProduct {
        let mut zone = zone();
        launched(&mut zone, 1, 60);
        let mut product = zone.service_catalog.products.all()[0].clone();
        (product.id, product.name) = (id.to_owned(), name.to_owned());
        product
    }

    fn ids(products: &ProvisionedProducts) -> Vec<&str> {
        products.all().iter().map(|product| product.id.as_str()).collect()
    }

    #[test]
    fn what_is_found_is_what_a_look_at_all_would_find() {
        let mut products = ProvisionedProducts::default();
        for (id, name) in [("1", "a"), ("2", "b"), ("3", "b")] {
            products.put(product(id, name));
        }
        products.put(ProvisionedProduct { token: "new".to_owned(), ..product("2", "b") });
        assert_eq!(ids(&products), ["1", "2", "3"]);
        assert_eq!(products.named("b").map(|it| it.token.as_str()), Some("new"));
        products.remove("2");
        products.remove("2");
        assert_eq!(ids(&products), ["1", "3"]);
        assert_eq!(products.named("b").map(|it| it.id.as_str()), Some("3"));
        assert!(products.get("2").is_none() && products.get_mut("3").is_some());
    }
}

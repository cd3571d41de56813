//! The use case behind the stack's custom resource: the role that launches accounts is
//! associated with Account Factory's portfolio, without which nothing can be launched.

use crate::account::RoleArn;
use crate::ports::{FactoryPortfolio, LaunchPath, PathError};

/// The portfolio's name in every landing zone (AFT, `aft-common` constants).
const PORTFOLIO: &str = "AWS Control Tower Account Factory Portfolio";
/// Its provider, likewise.
const PROVIDER: &str = "AWS Control Tower";

/// Why the way could not be opened or closed: the cause, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum NotChanged {
    /// There is no Account Factory here.
    #[error(
        "there is no product \"AWS Control Tower Account Factory\" in this account and Region: \
         deploy the stack in Control Tower's management account, in its home Region"
    )]
    NoFactory,
    /// None of the portfolios that Account Factory is in is Control Tower's.
    #[error(
        "Account Factory is in no portfolio of Control Tower's, but in {}: \
         repair the landing zone in Control Tower's console, and deploy the stack again",
        listed(.0)
    )]
    NoPortfolio(Vec<FactoryPortfolio>),
    /// More than one of them could be Control Tower's.
    #[error(
        "Account Factory is in several portfolios that may be Control Tower's, {}: \
         take it out of all but the one that Control Tower made, and deploy the stack again",
        listed(.0)
    )]
    Several(Vec<FactoryPortfolio>),
    /// Service Catalog answered no, or nobody knows.
    #[error("{0}: {remedy}", remedy = remedy(.0))]
    Asked(#[from] PathError),
}

/// Lets `role` launch Account Factory; answers the portfolio that it is associated with.
///
/// # Errors
/// See [`NotChanged`]; called again, it carries on.
pub async fn open(path: &dyn LaunchPath, role: &RoleArn) -> Result<FactoryPortfolio, NotChanged> {
    let portfolios = path.portfolios().await?.ok_or(NotChanged::NoFactory)?;
    let mut candidates = of_control_tower(&portfolios);
    match (candidates.pop(), candidates.is_empty()) {
        (Some(portfolio), true) => {
            path.associate(&portfolio.id, role).await?;
            Ok(portfolio)
        }
        (Some(_), false) => Err(NotChanged::Several(portfolios)),
        (None, _) => Err(NotChanged::NoPortfolio(portfolios)),
    }
}

/// Takes from `role` what [`open`] gave it. What is gone already is a success.
///
/// # Errors
/// See [`NotChanged`]; called again, it carries on.
pub async fn close(path: &dyn LaunchPath, role: &RoleArn) -> Result<(), NotChanged> {
    let portfolios = path.portfolios().await?.unwrap_or_default();
    for portfolio in of_control_tower(&portfolios) {
        path.disassociate(&portfolio.id, role).await?;
    }
    Ok(())
}

/// Control Tower's own portfolios: by the name that they have everywhere, or else by
/// their provider.
pub(crate) fn of_control_tower(portfolios: &[FactoryPortfolio]) -> Vec<FactoryPortfolio> {
    let named: Vec<_> = portfolios.iter().filter(|it| it.name == PORTFOLIO).cloned().collect();
    if !named.is_empty() {
        return named;
    }
    portfolios.iter().filter(|it| it.provider == PROVIDER).cloned().collect()
}

fn listed(portfolios: &[FactoryPortfolio]) -> String {
    let named =
        portfolios.iter().map(|it| format!("{:?} ({}, by {:?})", it.name, it.id, it.provider));
    let named: Vec<String> = named.collect();
    if named.is_empty() { "none at all".to_owned() } else { named.join(", ") }
}

fn remedy(error: &PathError) -> &'static str {
    match error {
        PathError::CouldNotAsk(_) => "deploy the stack again in some minutes",
        PathError::Refused(refusal) if refusal.code.starts_with("AccessDenied") => {
            "allow it to the role of the function intake, look for a permissions boundary that \
             denies it, and deploy the stack again"
        }
        PathError::Refused(refusal) if refusal.code.starts_with("LimitExceeded") => {
            "a portfolio takes 100 principals: end an association that is not needed any more, \
             and deploy the stack again"
        }
        PathError::Refused(_) => "mend what it names, and deploy the stack again",
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::Mutex;
    use std::task::{Context, Poll, Waker};

    use async_trait::async_trait;

    use super::*;
    use crate::ports::{CouldNotAsk, Refusal};

    /// Account Factory in these portfolios, and what was asked for.
    struct Path {
        portfolios: Option<Vec<FactoryPortfolio>>,
        refuses: Option<Refusal>,
        asked: Mutex<Vec<String>>,
    }

    impl Path {
        fn ask(&self, what: &str, portfolio: &str) -> Result<(), PathError> {
            self.asked.lock().unwrap().push(format!("{what} {portfolio}"));
            self.refuses.clone().map_or(Ok(()), |refusal| Err(refusal.into()))
        }
    }

    #[async_trait]
    impl LaunchPath for Path {
        async fn portfolios(&self) -> Result<Option<Vec<FactoryPortfolio>>, PathError> {
            Ok(self.portfolios.clone())
        }

        async fn associate(&self, portfolio: &str, _: &RoleArn) -> Result<(), PathError> {
            self.ask("associate", portfolio)
        }

        async fn disassociate(&self, portfolio: &str, _: &RoleArn) -> Result<(), PathError> {
            self.ask("disassociate", portfolio)
        }
    }

    /// What is made of calls that are answered at once.
    fn done<T>(work: impl Future<Output = T>) -> T {
        match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(done) => done,
            Poll::Pending => panic!("a call was not answered at once"),
        }
    }

    fn portfolio(id: &str, name: &str, provider: &str) -> FactoryPortfolio {
        FactoryPortfolio { id: id.into(), name: name.into(), provider: provider.into() }
    }

    fn path(portfolios: Option<Vec<FactoryPortfolio>>) -> Path {
        Path { portfolios, refuses: None, asked: Mutex::default() }
    }

    fn role() -> RoleArn {
        RoleArn::new("arn:aws:iam::111122223333:role/vend-provision").unwrap()
    }

    #[test]
    fn control_towers_own_portfolio_is_chosen_of_several() {
        let copy = portfolio("port-2", "Copies", PROVIDER);
        let own = portfolio("port-1", PORTFOLIO, PROVIDER);
        let other = portfolio("port-3", "Ours", "Platform team");
        for (all, chosen) in
            [(vec![copy.clone(), own, other.clone()], "port-1"), (vec![other, copy], "port-2")]
        {
            let path = path(Some(all));
            assert_eq!(done(open(&path, &role())).unwrap().id, chosen);
            done(close(&path, &role())).unwrap();
            let asked = ["associate", "disassociate"].map(|what| format!("{what} {chosen}"));
            assert_eq!(*path.asked.lock().unwrap(), asked);
        }
    }

    #[test]
    fn what_cannot_be_chosen_is_told_with_what_there_is() {
        let told = |portfolios| {
            let path = path(portfolios);
            let told = done(open(&path, &role())).unwrap_err().to_string();
            assert!(path.asked.lock().unwrap().is_empty(), "{told}");
            told
        };
        assert!(told(None).contains("home Region"));
        assert!(told(Some(Vec::new())).contains("but in none at all: repair"));
        let other = portfolio("port-3", "Ours", "Platform team");
        let none = told(Some(vec![other]));
        assert!(none.contains("\"Ours\" (port-3, by \"Platform team\")"), "{none}");
        let twins = ["port-1", "port-2"].map(|id| portfolio(id, PORTFOLIO, PROVIDER));
        let several = told(Some(twins.to_vec()));
        assert!(several.contains("port-1") && several.contains("port-2"), "{several}");
    }

    #[test]
    fn what_is_gone_needs_no_closing() {
        for portfolios in [None, Some(Vec::new())] {
            let path = path(portfolios);
            done(close(&path, &role())).unwrap();
            assert!(path.asked.lock().unwrap().is_empty());
        }
    }

    #[test]
    fn a_refusal_is_told_with_the_remedy() {
        for (code, remedy) in [
            ("AccessDeniedException", "role of the function intake"),
            ("LimitExceededException", "100 principals"),
            ("InvalidParametersException", "mend what it names"),
        ] {
            let mut path = path(Some(vec![portfolio("port-1", PORTFOLIO, PROVIDER)]));
            path.refuses = Some(Refusal { code: code.into(), message: "words".into() });
            for told in [
                done(open(&path, &role())).unwrap_err().to_string(),
                done(close(&path, &role())).unwrap_err().to_string(),
            ] {
                assert!(told.contains(&format!("{code}: words")), "{told}");
                assert!(told.contains(remedy), "{told}");
            }
        }
        let error = CouldNotAsk::new("Service Catalog", "associate", "reset");
        let told = NotChanged::from(PathError::from(error)).to_string();
        assert!(told.ends_with("deploy the stack again in some minutes"), "{told}");
    }
}

//! Where things stand.

use crate::notation::{
    Context, Decimal, Decode, Node, Position, Problem, Spanned, Text, TypeDescription, nearest,
};
use crate::world::blueprint::Site;
use crate::world::geography::{Atlas, CityId, CityProblem};

/// Degrees north.
pub type Latitude = Decimal<-90, 90>;
/// Degrees east.
pub type Longitude = Decimal<-180, 180>;

/// A city of the atlas, written by its name. Looked up as it is read, so that whatever else is wrong around it is said
/// beside it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct City(pub CityId);

impl Decode for City {
    fn decode(node: &Node, context: &mut Context) -> Option<Self> {
        let name = Text::decode(node, context)?;
        let found = Atlas::shipped().only_city(&name);
        if found.is_none() {
            let problem = || unknown_city(&name, node.position);
            context.problems.report_error(problem);
        }
        found.map(City)
    }

    fn describe() -> TypeDescription {
        Text::describe()
    }
}

/// The three fields in which a place may be written.
pub struct WrittenPlace<'a> {
    /// A city's name.
    pub city: &'a Option<Spanned<City>>,
    /// Degrees north.
    pub latitude: &'a Option<Spanned<Latitude>>,
    /// Degrees east.
    pub longitude: &'a Option<Spanned<Longitude>>,
}

impl WrittenPlace<'_> {
    /// Whether any of the three is written.
    pub fn is_written(&self) -> bool {
        self.city.is_some() || self.latitude.is_some() || self.longitude.is_some()
    }

    /// The place; `None` with a report if it is missing or doubtful.
    pub fn site(&self, position: Position, context: &mut Context) -> Option<Site> {
        let atlas = Atlas::shipped();
        match (self.city, self.latitude, self.longitude) {
            (Some(city), None, None) => Some(Site::City(city.0)),
            (None, Some(latitude), Some(longitude)) => {
                let e4 = |degrees: f64| (degrees * 1e4).round() as i32;
                Some(Site::Point(
                    atlas.place_at(e4(latitude.get()), e4(longitude.get())),
                ))
            }
            // What is missing could not be read, and that is reported already.
            _ if context.is_damaged(position) => None,
            (city, latitude, longitude) => {
                let degrees = latitude.as_ref().map(|it| (it.position, "latitude"));
                let degrees = degrees.or(longitude.as_ref().map(|it| (it.position, "longitude")));
                context.report(not_one_place(position, city.is_some(), degrees));
                None
            }
        }
    }
}

/// What is wrong with a place written in no way, in half or in two ways; `degrees` is where one of them stands.
fn not_one_place(position: Position, has_city: bool, degrees: Option<(Position, &str)>) -> Problem {
    match degrees {
        Some((degrees, name)) if has_city => Problem::error(
            degrees,
            "a place is written once, and this one has a `city` too",
        )
        .label(format!("`{name}` stands beside `city`"))
        .help("keep `city`, or `latitude` and `longitude`"),
        Some((degrees, name)) => {
            Problem::error(degrees, "`latitude` and `longitude` need each other")
                .label(format!("`{name}` stands alone"))
        }
        None => Problem::error(
            position,
            "this needs a place: `city`, or `latitude` and `longitude`",
        )
        .help("write `city: Frankfurt`, for example"),
    }
}

fn unknown_city(text: &str, position: Position) -> Problem {
    match Atlas::shipped().find_city(text) {
        Err(ref problem @ CityProblem::Ambiguous { ref candidates, .. }) => {
            let report = Problem::error(position, problem.to_string()).label("more than one");
            match candidates.first() {
                Some(first) => report
                    .help(format!("add the country, such as `{first}`"))
                    .replace_with(first.to_string()),
                None => report,
            }
        }
        _ => {
            let report = Problem::error(position, format!("no city is called `{text}`"))
                .label("not in the atlas");
            match similar_city(text) {
                Some(similar) => report.did_you_mean(similar),
                None => report.help("write a larger city nearby, or `latitude` and `longitude`"),
            }
        }
    }
}

/// A city whose name, or the beginning of whose name, is almost what was written.
fn similar_city(text: &str) -> Option<String> {
    let cities = Atlas::shipped().cities();
    let letters = text.chars().count();
    let begins = |name: &str| name.chars().take(letters + 1).collect::<String>();
    let beginnings: Vec<String> = cities.iter().map(|city| begins(&city.name)).collect();
    let near = nearest(text, cities.iter().map(|city| city.name.as_str()))
        .or_else(|| nearest(text, beginnings.iter().map(String::as_str)))?;
    let city = cities.iter().find(|city| city.name.starts_with(near))?;
    // The country is written only where it is needed to tell cities apart.
    match Atlas::shipped().find_city(&city.name) {
        Ok(_) => Some(city.name.clone()),
        Err(_) => Some(city.to_string()),
    }
}

//! The pictures in the guide are those of the codes beside them.

use tulay_qr::{Draft, Payload, PointOfInitiation, Symbol, promptpay::Receiver};

const SHOP: &str = "00020101021126280015com.example.pay0105M00015204541153036085802PH\
    5912EXAMPLE SHOP6006Manila62210509A6304ABCD070463046304DB3B";

#[test]
fn pictures_show_what_the_guide_says() {
    let dynamic = PointOfInitiation::Dynamic;
    let order = Payload::parse(SHOP).unwrap().edit().set_amount("250.00", dynamic).unwrap();
    let order = order.set_reference("ORDER-0042", dynamic).unwrap().finish().text;
    let receiver = Receiver::mobile("000-000-0000").unwrap();
    let promptpay = receiver.build(&Draft { amount: Some("20.15"), ..Draft::default() }).unwrap();
    for (name, text) in [("shop", SHOP), ("order", &order), ("promptpay", &promptpay)] {
        let path = format!("{}/../../docs/guides/{name}.svg", env!("CARGO_MANIFEST_DIR"));
        let drawn = Symbol::new(text).unwrap().to_svg();
        assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), drawn, "{name}: {text}");
    }
}

/// Something went wrong, told to a person.
struct ProblemModel: Sendable {
    var title: String
    var detail: String
    var back: String
}

enum ProblemView {
    static let view = View(
        "problem",
        """
        <section class="narrow">
        <h1>{{title}}</h1>
        <p>{{detail}}</p>
        <p><a class="button" href="{{back}}">{{t.problem.back}}</a></p>
        </section>
        """)
}
